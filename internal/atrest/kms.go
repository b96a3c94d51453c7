package atrest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/smithy-go"
)

// KMSOptions say which key management service is asked, and as whom.
type KMSOptions struct {
	Endpoint string // see [CheckEndpoint]
	Region   string // that requests are signed for
	// Credentials are what requests are signed with. Nil: those of the default chain of the AWS SDKs, as of the first call.
	Credentials aws.CredentialsProvider
}

// KMS makes and opens data keys under keys that never leave a key management service with AWS's API.
type KMS struct {
	options KMSOptions
	mu      sync.Mutex // guards client
	client  *kms.Client
}

// kmsTimeout bounds a call with all its attempts.
const kmsTimeout = 10 * time.Second

// NewKMS makes a client. It asks nothing yet.
func NewKMS(options KMSOptions) *KMS { return &KMS{options: options} }

// CheckEndpoint returns what is wrong with the address of an API.
func CheckEndpoint(endpoint string) error {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%q: want a URL like https://kms.eu-central-1.amazonaws.com", endpoint)
	}
	return nil
}

// contextOf binds a data key to its group. The service has it in its log for each use.
//
// Source: AWS KMS Developer Guide, "Encryption context".
func contextOf(group string) map[string]string { return map[string]string{"aikagi:group": group} }

func (k *KMS) api(ctx context.Context) (*kms.Client, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
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
	ctx, cancel := context.WithTimeout(ctx, kmsTimeout)
	defer cancel()
	api, err := k.api(ctx)
	if err != nil {
		return nil, "", err
	}
	out, err := api.GenerateDataKeyWithoutPlaintext(ctx, &kms.GenerateDataKeyWithoutPlaintextInput{
		KeyId: &keyID, NumberOfBytes: aws.Int32(KeySize), EncryptionContext: contextOf(group),
	})
	if err != nil {
		return nil, "", k.fault("GenerateDataKeyWithoutPlaintext", err)
	}
	return out.CiphertextBlob, aws.ToString(out.KeyId), nil
}

func (k *KMS) decrypt(ctx context.Context, wrapped []byte, keyID, group string) (Key, error) {
	ctx, cancel := context.WithTimeout(ctx, kmsTimeout)
	defer cancel()
	api, err := k.api(ctx)
	if err != nil {
		return Key{}, err
	}
	out, err := api.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: wrapped, KeyId: &keyID, EncryptionContext: contextOf(group)})
	if err != nil {
		return Key{}, k.fault("Decrypt", err)
	}
	return parseKey(out.Plaintext)
}

// fault is what a call came to, in a line: without the ids of requests, which are others each time.
func (k *KMS) fault(call string, err error) error {
	var refusal smithy.APIError
	if errors.As(err, &refusal) && !unavailable(err) {
		return fmt.Errorf("%w: %s at %s: %s: %s", ErrKMSKey, call, k.options.Endpoint, refusal.ErrorCode(), strings.TrimSpace(refusal.ErrorMessage()))
	}
	var failed *smithy.OperationError
	if errors.As(err, &failed) {
		err = failed.Unwrap()
	}
	return fmt.Errorf("%s at %s: %w", call, k.options.Endpoint, err)
}

// unavailable reports whether the service might answer the same call another time.
func unavailable(err error) bool {
	var answer interface{ HTTPStatusCode() int }
	return errors.As(err, &answer) && (answer.HTTPStatusCode() >= http.StatusInternalServerError || answer.HTTPStatusCode() == http.StatusTooManyRequests)
}
