package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// prepared are the statements of writes, by their texts. To compile them each time takes a third of what an Update takes.
type prepared map[string]*sql.Stmt

// writes are the statements that most Updates have. Others are compiled when they are run.
func writes() []string {
	return []string{selectObject, selectRevision, selectClaims, takenClaim, dropClaims, putClaims, putObject, putEntry}
}

// prepare compiles statements; the database's tables must be there. Closing the database gives them up.
func prepare(ctx context.Context, db *sql.DB, statements []string) (prepared, error) {
	all := prepared{}
	for _, text := range statements {
		stmt, err := db.PrepareContext(ctx, text) //nolint:sqlclosecheck // it lives as long as the database
		if err != nil {
			return nil, fmt.Errorf("prepare statement: %w", err)
		}
		all[text] = stmt
	}
	return all, nil
}
