// Package sigv4 checks AWS Signature Version 4 on a request that was signed in
// its Authorization header. It is pure: the request's head, the raw body and the
// time go in, the identity of the signer comes out.
//
// # Invariants
//
//   - An Identity is returned only if the signature was made with the secret
//     that belongs to the access key, over this method, path, query, host, body
//     and every x-amz-* header that arrived, for an allowed service, within 15
//     minutes of now.
//   - The signature is compared in constant time, and a request with an unknown
//     access key costs the same work as one with a wrong secret.
//   - No error holds a secret, a session token or the expected signature.
//
// # Order of the checks
//
//	Authorization header  ──> MissingAuthenticationToken, IncompleteSignature
//	signed headers        ──> IncompleteSignature, SignatureDoesNotMatch
//	date and scope        ──> IncompleteSignature, RequestExpired, SignatureDoesNotMatch
//	query string          ──> MalformedQueryString
//	access key and token  ──> InvalidClientTokenId
//	signature             ──> SignatureDoesNotMatch
//
// Codes and statuses are those of the "Common Errors" page of the AWS Query
// services; the algorithm is that of "Create a signed AWS API request" in the
// IAM User Guide, https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html.
//
// Replay within the 15 minutes is not detected, as at AWS: that is what TLS is for.
// A signature in the query string (a presigned URL) is not accepted.
package sigv4
