package main

// tokenCommand is what is about the tokens of a group.
type tokenCommand struct {
	Usage tokenUsageCommand `cmd:"" help:"Show who uses which token, and whom SET would lock out."`

	Rotate    tokenRotateCommand    `cmd:"" help:"Rotate a token from end to end, without locking a client out."`
	Watch     tokenWatchCommand     `cmd:"" help:"Follow the rotation that is under way."`
	Continue  tokenContinueCommand  `cmd:"" help:"Make a waiting rotation end the old token now."`
	Cancel    tokenCancelCommand    `cmd:"" help:"Cancel the rotation that is under way, before the old token ends."`
	RollBack  tokenRollBackCommand  `cmd:"" help:"Bring the old token back while the rotation is still watching."`
	Rotations tokenRotationsCommand `cmd:"" help:"List rotations and how they ended."`
	Schedule  tokenScheduleCommand  `cmd:"" help:"Rotate a token on a schedule, or show when it is next due."`
}
