package cache

import (
	"errors"
	"testing"
)

func TestJoinSaysAllAtOnce(t *testing.T) {
	t.Parallel()
	if err := Join(nil, nil); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	one := ResourceErrorf(KindNotFound, ResourceSnapshot, "One")
	err := Join(nil, one, Errorf(KindInvalid, "Two."), Join(Errorf(KindState, "Three."), Errorf(KindState, "Four")))
	var joined *Error
	if !errors.As(err, &joined) || joined.Kind != KindNotFound || joined.Resource != ResourceSnapshot || joined.Message != "One. Two. Three. Four." {
		t.Errorf("joined: %+v", err)
	}
	if got := Join(nil, one); !errors.Is(got, one) || got.Error() != one.Error() {
		t.Error("one error became another")
	}
	if one.Message != "One" {
		t.Errorf("the first was changed: %s", one.Message)
	}
	if inner := errors.New("disk"); !errors.Is(Join(one, inner), inner) {
		t.Error("an error that is not for the caller became one")
	}
}
