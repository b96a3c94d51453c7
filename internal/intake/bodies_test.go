package intake

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func request(t *testing.T, body string, length int64) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x/", io.NopCloser(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = length
	return r
}

func TestBodiesAreReadWhole(t *testing.T) {
	t.Parallel()
	b := NewBodies(1 << 20)
	for _, size := range []int{0, 1, freeSize - 1, freeSize, freeSize + 1, 100_000, 1 << 18} {
		text := strings.Repeat("x", size)
		for _, length := range []int64{int64(size), -1} {
			body, done, err := b.Read(request(t, text, length), 1<<18)
			if err != nil || string(body) != text {
				t.Errorf("%d bytes, length %d: read %d, %v", size, length, len(body), err)
			}
			done()
		}
	}
	for _, length := range []int64{11, -1} {
		_, done, err := b.Read(request(t, "0123456789x", length), 10)
		if !errors.Is(err, ErrTooLarge) {
			t.Errorf("11 bytes where 10 are taken, length %d: %v", length, err)
		}
		done()
	}
	if b.left != 1<<20 {
		t.Errorf("%d bytes of the budget are lost", 1<<20-b.left)
	}
}

// TestSmallBodiesNeedNoBudget: large ones that are being read keep none out.
func TestSmallBodiesNeedNoBudget(t *testing.T) {
	t.Parallel()
	b := NewBodies(32 << 10)
	large := strings.Repeat("x", 30<<10)
	_, done, err := b.Read(request(t, large, -1), 1<<18)
	if err != nil {
		t.Fatal(err)
	}
	_, refused, err := b.Read(request(t, large, -1), 1<<18)
	if !errors.Is(err, ErrBusy) {
		t.Errorf("a second large body: %v", err)
	}
	refused()
	if _, small, err := b.Read(request(t, "Action=X", 8), 1<<18); err != nil {
		t.Errorf("a small body: %v", err)
	} else {
		small()
	}
	done()
	_, again, err := b.Read(request(t, large, -1), 1<<18)
	if err != nil {
		t.Errorf("when the first is done with: %v", err)
	}
	again()
}

// TestWhoIsRefusedCanSendOn: a client that sends its whole body before it listens is not cut off meanwhile.
func TestWhoIsRefusedCanSendOn(t *testing.T) {
	t.Parallel()
	const size = lingeringMost - 1<<20 // more than the system's buffers take
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer AnswerNow(w, r)()
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", size); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Fatalf("before anything was sent: %+v, %v", answer, err)
	}
	if _, err := io.CopyN(conn, rand.Reader, size); err != nil {
		t.Errorf("what was sent after the answer: %v", err)
	}
	_ = answer.Body.Close()
}
