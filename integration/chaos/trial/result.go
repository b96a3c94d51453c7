package trial

import "fmt"

// Verdict is what came of a trial.
type Verdict string

// The verdicts.
const (
	Passed  Verdict = "pass"
	Failed  Verdict = "FAIL"
	Skipped Verdict = "skipped"
)

// Result is what one trial has shown. Times are in milliseconds.
type Result struct {
	Fault       string   `json:"fault"`
	What        string   `json:"what"`
	Engine      string   `json:"engine"`
	Verdict     Verdict  `json:"verdict"`
	Problems    []string `json:"problems,omitempty"` // why the verdict is not a pass
	Notes       []string `json:"notes,omitempty"`
	AllowedLoss Loss     `json:"allowed_loss"`

	Acknowledged    int      `json:"acknowledged"` // writes, of the writers and the referee
	Found           int      `json:"found"`
	Lost            int      `json:"lost"`
	LostWrongly     int      `json:"lost_wrongly"` // of them, those that the fault may not cost
	TooEarly        int      `json:"too_early"`    // replicas that could be read when they were later than TooLate
	Nodes           []Node   `json:"nodes,omitempty"`
	LostOldest      float64  `json:"lost_oldest,omitempty"` // how long before the fault the oldest lost write was acknowledged
	Twice           int      `json:"twice,omitempty"`       // writes that a library repeated and that were carried out twice
	Refused         int64    `json:"refused"`               // writes of the referee that were answered with an error, as READONLY
	DoublePrimaries int      `json:"double_primaries"`
	Gap             float64  `json:"gap"`         // longest time without an acknowledged write of any writer
	RefereeGap      float64  `json:"referee_gap"` // the same of the referee at the primary endpoint
	Writers         []Writer `json:"writers"`

	PrimaryBefore      string    `json:"primary_before"`
	PrimaryAfter       string    `json:"primary_after"`
	DiedBefore         float64   `json:"died_before,omitempty"` // from the end of the old primary's process to the first write that another one acknowledged
	ControlPlaneDeaths int       `json:"control_plane_deaths,omitempty"`
	WriteAfter         float64   `json:"write_after,omitempty"` // from the fault to the first write that the new primary acknowledged
	Receipts           []Receipt `json:"receipts,omitempty"`
	Took               float64   `json:"took"`
}

// Writer is what one client library has seen.
type Writer struct {
	Name         string   `json:"name"`
	Acknowledged int      `json:"acknowledged"`
	Lost         int      `json:"lost"`
	Errors       int      `json:"errors"`
	Gap          float64  `json:"gap"`
	Texts        []string `json:"texts,omitempty"` // of the errors, each once
}

func (r *Result) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}
