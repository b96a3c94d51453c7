package delivery

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Secrets Manager's staging labels.
const (
	stageCurrent  = "AWSCURRENT"
	stagePending  = "AWSPENDING"
	stagePrevious = "AWSPREVIOUS"
)

// labels says which version of a secret holds which label; empty is none.
type labels struct{ current, pending, previous string }

// labelsOf reads DescribeSecret's VersionIdsToStages.
func labelsOf(versions map[string][]string) labels {
	var l labels
	for id, stages := range versions {
		for _, stage := range stages {
			switch stage {
			case stageCurrent:
				l.current = id
			case stagePending:
				l.pending = id
			case stagePrevious:
				l.previous = id
			}
		}
	}
	return l
}

// versionID names the version that a rotation makes of the version base: a UUID
// (version 8, RFC 9562) that a repetition computes again.
func versionID(rotation, base string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "aikagi delivery\x00%s\x00%s", rotation, base))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

var (
	errNoObject = errors.New("it is not a JSON object")
	errNoKey    = errors.New("it has no such member with a string")
)

// member finds the string that a JSON object holds under key, and where: text[from:to]
// is the string with its quotes. Of members of the same name the last one counts.
func member(text, key string) (value string, from, to int, err error) {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return "", 0, 0, errNoObject
	}
	found := false
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return "", 0, 0, errNoObject
		}
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return "", 0, 0, errNoObject
		}
		if name != key {
			continue
		}
		end := int(decoder.InputOffset())
		var text string
		found = json.Unmarshal(raw, &text) == nil && raw[0] == '"'
		value, from, to = text, end-len(raw), end
	}
	if token, err := decoder.Token(); err != nil || token != json.Delim('}') {
		return "", 0, 0, errNoObject
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return "", 0, 0, errNoObject
	}
	if !found {
		return "", 0, 0, errNoKey
	}
	return value, from, to, nil
}

// tokenIn reads the token out of a secret's text.
func tokenIn(text, key string) (string, error) {
	if key == "" {
		return text, nil
	}
	value, _, _, err := member(text, key)
	return value, err
}

// withToken is the secret's text with the token replaced, every other byte kept.
// An empty text is a secret without a value yet.
func withToken(text, key, token string) (string, error) {
	if key == "" {
		return token, nil
	}
	var quoted bytes.Buffer
	encoder := json.NewEncoder(&quoted)
	encoder.SetEscapeHTML(false) // & and < are allowed in tokens, and some readers do not decode \u0026
	if err := encoder.Encode(token); err != nil {
		return "", fmt.Errorf("encode token: %w", err)
	}
	value := string(bytes.TrimSpace(quoted.Bytes()))
	if text == "" {
		name, err := json.Marshal(key)
		if err != nil {
			return "", fmt.Errorf("encode key: %w", err)
		}
		return fmt.Sprintf("{%s:%s}", name, value), nil
	}
	_, from, to, err := member(text, key)
	if err != nil {
		return "", err
	}
	return text[:from] + value + text[to:], nil
}
