package own

import "time"

// CreateConsoleLink makes a link that signs its caller in to the console, once.
const CreateConsoleLink Action[NoInput, ConsoleLink] = "CreateConsoleLink"

// ConsoleLink signs in whoever opens it first. Its URL is a secret until it was used or has expired.
type ConsoleLink struct {
	Url       string    `json:"url"`
	ExpiresAt time.Time `json:"expires_at"`
}
