package main

import (
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
)

// engineAliasFlag is of commands that tell which engine versions can be asked for.
type engineAliasFlag struct {
	EngineAlias []string `help:"Have an engine version that is not installed served by one that is, as in redis:6.2=redis:7.0. May be repeated. redis:7.1, which only the original has, is served by the nearest redis 7 unless told otherwise." placeholder:"ASKED=SERVES"`
}

func (f engineAliasFlag) aliases() ([]cache.Alias, error) {
	all := make([]cache.Alias, len(f.EngineAlias))
	for i, text := range f.EngineAlias {
		var err error
		if all[i], err = cache.ParseAlias(text); err != nil {
			return nil, fmt.Errorf("--engine-alias: %w", err)
		}
	}
	return all, nil
}
