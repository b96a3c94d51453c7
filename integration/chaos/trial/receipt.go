package trial

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/aikagi/aikagi/integration/harness"
	"github.com/aikagi/aikagi/internal/datadir"
)

// Receipt is what DescribeFailovers answers about one failover. The microseconds
// count from DetectedAt; one that is nil passed unseen.
type Receipt struct {
	Cause, Status, GivenUpReason string
	From                         string `xml:"FromCacheClusterId"`
	To                           string `xml:"ToCacheClusterId"`
	DetectedAt                   time.Time
	PausedMicroseconds           *int64
	FencedMicroseconds           *int64
	ElectedMicroseconds          *int64
	PromotedMicroseconds         *int64
	EndpointMovedMicroseconds    *int64
	WriteAcceptedMicroseconds    *int64
	RecoveredMicroseconds        *int64
	LossBytes                    int64
	LossExact                    bool
	Loss                         string
}

// steps are the times of the receipt in the order in which they must be. In a planned
// failover the new primary is chosen before the old one is fenced.
func (r *Receipt) steps() []*int64 {
	first, second := r.FencedMicroseconds, r.ElectedMicroseconds
	if second != nil && first != nil && *second < *first {
		first, second = second, first
	}
	return []*int64{r.PausedMicroseconds, first, second, r.PromotedMicroseconds, r.EndpointMovedMicroseconds, r.WriteAcceptedMicroseconds, r.RecoveredMicroseconds}
}

// Gap is how long no write was taken, as far as the receipt tells: from the pause of a
// planned failover, or the detection of a failure, to the first write; false if that
// passed unseen.
func (r *Receipt) Gap() (time.Duration, bool) {
	if r.WriteAcceptedMicroseconds == nil {
		return 0, false
	}
	gap := *r.WriteAcceptedMicroseconds
	if r.PausedMicroseconds != nil {
		gap -= *r.PausedMicroseconds
	}
	return time.Duration(gap) * time.Microsecond, true
}

// receipts asks for all that there are of the group, newest first. The action is
// aikagi's own, so no SDK has it.
func (g *group) receipts(ctx context.Context) ([]Receipt, error) {
	form := url.Values{"Action": {"DescribeFailovers"}, "Version": {"2015-02-02"}, "ReplicationGroupId": {g.id}}
	var answer struct {
		Receipts []Receipt `xml:"DescribeFailoversResult>Failovers>member"`
	}
	text, err := g.call(ctx, form)
	if err == nil {
		err = xml.Unmarshal(text, &answer)
	}
	if err != nil {
		return nil, fmt.Errorf("describe failovers: %w", err)
	}
	return answer.Receipts, nil
}

func (g *group) call(ctx context.Context, form url.Values) ([]byte, error) {
	body := []byte(form.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.plane.url(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	key, err := datadir.ReadAccessKey(g.plane.Dir)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	credentials := aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Reveal()}
	err = v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), "elasticache", "us-east-1", time.Now())
	if err != nil {
		return nil, err
	}
	response, err := harness.HTTP.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", response.Status, text)
	}
	return text, err
}
