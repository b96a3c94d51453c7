package delivery_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// standIn is a stand-in for AWS Secrets Manager, for want of an independent server
// that CI can install. It knows the calls that package delivery makes and does
// what AWS's API reference says of each, and refuses everything else. Where the
// reference leaves a choice it takes the one that is harder for us.
type standIn struct {
	mu      sync.Mutex
	secrets map[string]*heldSecret
	calls   map[string]int
}

type heldSecret struct {
	binary, rotation, deleted bool
	versions                  map[string]string // id → text
	labels                    map[string]string // label → id: a label is on one version at most
}

type request struct {
	Name, SecretId, VersionId, VersionStage, ClientRequestToken, SecretString string
	MoveToVersionId, RemoveFromVersionId, Description                         string
	SecretBinary                                                              []byte
	RecoveryWindowInDays                                                      int
	VersionStages                                                             []string
}

type refusal struct{ code, message string }

func (r refusal) Error() string { return r.message }

func startStandIn(t *testing.T) (*standIn, string) {
	s := &standIn{secrets: map[string]*heldSecret{}, calls: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return s, server.URL
}

// ServeHTTP speaks AWS's JSON 1.1 protocol.
func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "secretsmanager.")
	s.calls[operation]++
	var in request
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	answer, err := any(nil), decoder.Decode(&in)
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=") {
		err = refusal{"MissingAuthenticationTokenException", "not signed"}
	}
	if err == nil {
		answer, err = s.do(operation, in)
	}
	if err != nil {
		code := "ValidationException"
		if r, ok := errors.AsType[refusal](err); ok {
			code = r.code
		}
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]string{"__type": code, "message": err.Error()}
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (s *standIn) do(operation string, in request) (any, error) {
	if operation == "CreateSecret" {
		if s.secrets[in.Name] != nil {
			return nil, refusal{"ResourceExistsException", "a secret of that name exists"}
		}
		s.secrets[in.Name] = &heldSecret{versions: map[string]string{}, labels: map[string]string{}}
		s.secrets[in.Name].binary = in.SecretBinary != nil
		if in.SecretString += string(in.SecretBinary); in.SecretString != "" { // "the first version … AWSCURRENT"
			s.secrets[in.Name].versions[in.ClientRequestToken] = in.SecretString
			s.secrets[in.Name].labels["AWSCURRENT"] = in.ClientRequestToken
		}
		return map[string]string{"Name": in.Name}, nil
	}
	held := s.secrets[in.SecretId]
	if held == nil {
		return nil, refusal{"ResourceNotFoundException", "Secrets Manager can't find the specified secret."}
	}
	if held.deleted && operation != "DescribeSecret" {
		return nil, refusal{"InvalidRequestException", "the secret was marked for deletion"}
	}
	switch operation {
	case "DescribeSecret":
		return held.describe(in), nil
	case "GetSecretValue":
		return held.get(in)
	case "PutSecretValue":
		return held.put(in)
	case "DeleteSecret": // only the tests call it
		held.deleted = true
		return map[string]string{"Name": in.SecretId}, nil
	case "UpdateSecretVersionStage":
		return held.update(in)
	}
	return nil, refusal{"UnknownOperationException", "not a call of this test server: " + operation}
}

func (h *heldSecret) describe(in request) any {
	stages := map[string][]string{} // "versions that do not have any staging labels … are not included"
	for label, id := range h.labels {
		stages[id] = append(stages[id], label)
	}
	answer := map[string]any{"Name": in.SecretId, "VersionIdsToStages": stages, "RotationEnabled": h.rotation}
	if h.deleted {
		answer["DeletedDate"] = 1.7e9
	}
	return answer
}

func (h *heldSecret) get(in request) (any, error) {
	id := in.VersionId
	if id == "" {
		id = h.labels[in.VersionStage]
	}
	text, ok := h.versions[id]
	if !ok {
		return nil, refusal{"ResourceNotFoundException", "Secrets Manager can't find the specified secret value."}
	}
	if h.binary {
		return map[string]any{"SecretBinary": []byte(text), "VersionId": id}, nil
	}
	return map[string]any{"SecretString": text, "VersionId": id}, nil
}

func (h *heldSecret) put(in request) (any, error) {
	id := in.ClientRequestToken
	if len(id) < 32 || len(id) > 64 { // ClientRequestToken: 32 to 64 characters
		return nil, refusal{"ValidationException", "ClientRequestToken has the wrong length"}
	}
	if text, ok := h.versions[id]; ok {
		if text != in.SecretString { // "you can't modify an existing version"
			return nil, refusal{"ResourceExistsException", "a version " + id + " with other content than " + in.SecretString + " exists"}
		}
		return map[string]any{"VersionId": id}, nil // "the operation succeeds but does nothing"
	}
	first := len(h.versions) == 0
	h.versions[id] = in.SecretString
	stages := slices.Clone(in.VersionStages)
	if len(stages) == 0 || first { // "the first version … automatically attaches the staging label AWSCURRENT"
		stages = append(stages, "AWSCURRENT")
	}
	for _, stage := range stages {
		h.attach(stage, id)
	}
	return map[string]any{"VersionId": id, "VersionStages": stages}, nil
}

// attach moves a label, and AWSPREVIOUS "to the version that AWSCURRENT was removed from".
func (h *heldSecret) attach(label, id string) {
	if was, ok := h.labels[label]; ok && label == "AWSCURRENT" && was != id {
		h.labels["AWSPREVIOUS"] = was
	}
	h.labels[label] = id
}

func (h *heldSecret) update(in request) (any, error) {
	at, attached := h.labels[in.VersionStage]
	// "If the label is attached and you either do not specify this parameter, or the
	// version ID does not match, then the operation fails."
	if attached && at != in.MoveToVersionId && at != in.RemoveFromVersionId {
		return nil, refusal{"InvalidParameterException", fmt.Sprintf("%s is attached to version %s", in.VersionStage, at)}
	}
	if in.RemoveFromVersionId != "" && (!attached || at != in.RemoveFromVersionId) {
		return nil, refusal{"InvalidParameterException", in.VersionStage + " is not attached to that version"}
	}
	switch {
	case in.MoveToVersionId == "" && in.VersionStage == "AWSCURRENT":
		return nil, refusal{"InvalidParameterException", "AWSCURRENT can only be moved"}
	case in.MoveToVersionId == "":
		delete(h.labels, in.VersionStage)
	case !slices.Contains(slices.Collect(maps.Keys(h.versions)), in.MoveToVersionId):
		return nil, refusal{"ResourceNotFoundException", "there is no such version"}
	default:
		h.attach(in.VersionStage, in.MoveToVersionId)
	}
	return map[string]string{"Name": in.SecretId}, nil
}
