package atrest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/internal/circuit"
)

// KMSOptions say which key management service is asked, and as whom.
type KMSOptions struct {
	Endpoint string // URL, without credentials
	Region   string // that requests are signed for
	// Credentials are what requests are signed with. Nil: those of the default chain of the AWS SDKs, as of the first call.
	Credentials aws.CredentialsProvider
}

// KMS makes and opens data keys under keys that never leave a key management service with AWS's API.
type KMS struct {
	options KMSOptions

	loading sync.Mutex  // guards client; held while files of configuration are read
	client  *kms.Client // nil: not made yet

	circuit circuit.Breaker
}

// A call with all its attempts takes no longer than kmsTimeout. After one that did not reach the service it is left alone for kmsRest, and then
// asked by one caller until he was answered: groups whose nodes wait for their keys must not keep all others waiting.
const (
	kmsTimeout = 5 * time.Second
	kmsRest    = 5 * time.Second
)

// NewKMS makes a client. It asks nothing yet.
func NewKMS(options KMSOptions) *KMS {
	return &KMS{options: options, circuit: circuit.Breaker{First: kmsRest, Longest: kmsRest, Trial: kmsTimeout + time.Second}}
}

// contextOf binds a data key to its group. The service has it in its log for each use.
//
// Source: AWS KMS Developer Guide, "Encryption context".
func contextOf(group string) map[string]string { return map[string]string{"aikagi:group": group} }

func (k *KMS) api(ctx context.Context) (*kms.Client, error) {
	k.loading.Lock()
	defer k.loading.Unlock()
	if k.client != nil {
		return k.client, nil
	}
	load := []func(*config.LoadOptions) error{config.WithRegion(k.options.Region)}
	if k.options.Credentials != nil {
		load = append(load, config.WithCredentialsProvider(k.options.Credentials))
	}
	loaded, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("read AWS configuration: %w", err)
	}
	k.client = kms.NewFromConfig(loaded, func(o *kms.Options) { o.BaseEndpoint = &k.options.Endpoint })
	return k.client, nil
}

// generate makes a data key and returns it as it is wrapped; arn is of the key that does, whatever keyID names it by. The error is
// ErrKMSKey if the service does not want to; any other: it was not reached.
func (k *KMS) generate(ctx context.Context, keyID, group string) (wrapped []byte, arn string, err error) {
	var out *kms.GenerateDataKeyWithoutPlaintextOutput
	err = k.ask(ctx, "GenerateDataKeyWithoutPlaintext", func(ctx context.Context, api *kms.Client) (err error) {
		out, err = api.GenerateDataKeyWithoutPlaintext(ctx, &kms.GenerateDataKeyWithoutPlaintextInput{
			KeyId: &keyID, NumberOfBytes: aws.Int32(KeySize), EncryptionContext: contextOf(group),
		})
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return out.CiphertextBlob, aws.ToString(out.KeyId), nil
}

func (k *KMS) decrypt(ctx context.Context, wrapped []byte, keyID, group string) (Key, error) {
	var out *kms.DecryptOutput
	err := k.ask(ctx, "Decrypt", func(ctx context.Context, api *kms.Client) (err error) {
		out, err = api.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: wrapped, KeyId: &keyID, EncryptionContext: contextOf(group)})
		return err
	})
	if err != nil {
		return Key{}, err
	}
	return parseKey(out.Plaintext)
}

// ask makes a call, unless the service was not reached a moment ago, or somebody is trying it again.
func (k *KMS) ask(ctx context.Context, name string, call func(context.Context, *kms.Client) error) error {
	if err := k.circuit.Admit(time.Now()); err != nil {
		var resting *circuit.Resting
		if errors.As(err, &resting) { // the time that is left would make another fault of it each time
			err = resting.Last
		}
		return err
	}
	within, cancel := context.WithTimeout(ctx, kmsTimeout)
	defer cancel()
	api, err := k.api(within)
	if err == nil {
		err = call(within, api)
	}
	if err != nil {
		err = k.fault(name, err)
	}
	switch {
	case err == nil, errors.Is(err, ErrKMSKey):
		k.circuit.Note(nil, time.Now())
	case ctx.Err() == nil: // whoever has given up knows nothing of the service
		k.circuit.Note(err, time.Now())
	}
	return err
}

// refusals are the codes of answers that are about the key, or about what we may do with it. Anything else, as that there were too many calls, may
// be otherwise the next time.
//
// Source: AWS KMS API Reference, Decrypt and GenerateDataKeyWithoutPlaintext, Errors; Common Errors.
var refusals = []string{
	"NotFoundException", "DisabledException", "KMSInvalidStateException", "AccessDeniedException", "InvalidKeyUsageException", "InvalidArnException",
	"InvalidCiphertextException", "IncorrectKeyException", "ValidationException", "InvalidGrantTokenException",
}

// fault is what a call came to, in a line: without the ids of requests, which are others each time.
func (k *KMS) fault(call string, err error) error {
	var refusal smithy.APIError
	if errors.As(err, &refusal) {
		kind := errors.New("the KMS does not answer")
		if slices.Contains(refusals, refusal.ErrorCode()) {
			kind = ErrKMSKey
		}
		return fmt.Errorf("%w: %s at %s: %s: %s", kind, call, k.options.Endpoint, refusal.ErrorCode(), strings.TrimSpace(refusal.ErrorMessage()))
	}
	var failed *smithy.OperationError
	if errors.As(err, &failed) {
		err = failed.Unwrap()
	}
	return fmt.Errorf("%s at %s: %w", call, k.options.Endpoint, err)
}
