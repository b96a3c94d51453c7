package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// advertised is what clients outside call the machine that publishes the container's ports.
const advertised = "cache.test"

// TestPublishedCaches: with the plan host, who connects to the machine that publishes the container's ports gets to the caches at the
// ports that endpoints show, by the name that is advertised, also when the container is made anew with another address.
func TestPublishedCaches(t *testing.T) {
	b := newBox(t, "AIKAGI_ADDRESS_PLAN=host", "AIKAGI_PORT_RANGE=7000-7019", "AIKAGI_ADVERTISE="+advertised)
	names := enginesOf(b)
	for i := range 2 {
		bridge := b.attach(i)
		b.start()
		for _, name := range names {
			group := name + "-group"
			if i == 0 {
				b.exec(token+"\n", nil, "/usr/bin/aikagi", "create", group, "--engine", name, "--num-cache-clusters", "2", "--auth-token")
			} else {
				b.awaitAvailable(group)
			}
			host, port, err := net.SplitHostPort(b.endpoint(group))
			if err != nil || host != advertised {
				t.Fatalf("the endpoint of %s is at %s (%v)", group, host, err)
			}
			// What a published port is: connections to it are passed on to the container, at the same port.
			if reply, err := b.command(net.JoinHostPort(bridge, port), "SET", "greeting", "hello"); err != nil || reply != "+OK" {
				t.Errorf("%s: SET through its published port: %q, %v", name, reply, err)
			}
		}
		b.end("TERM")
	}
}

// attach makes the network that the container is started in next: with an address of its own, as a bridge of a container engine gives it
// one, which is returned.
func (b *box) attach(turn int) (address string) {
	b.t.Helper()
	space, cable := fmt.Sprintf("aikagi-image-%d-%d", os.Getpid(), turn), fmt.Sprintf("aki%d%d", os.Getpid()%100000, turn)
	prefix := fmt.Sprintf("10.231.%d.", (os.Getpid()+turn)%250)
	ip := func(command string) {
		b.t.Helper()
		if out, err := exec.Command("ip", strings.Fields(command)...).CombinedOutput(); err != nil {
			b.t.Fatalf("ip %s: %v: %s", command, err, out)
		}
	}
	ip("netns add " + space)
	b.t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", space).Run() }) // and the cable with it
	ip("link add " + cable + " type veth peer name eth0 netns " + space)
	ip("addr add " + prefix + "1/30 dev " + cable)
	ip("link set " + cable + " up")
	ip("-n " + space + " addr add " + prefix + "2/30 dev eth0")
	ip("-n " + space + " link set lo up")
	ip("-n " + space + " link set eth0 up")
	ip("-n " + space + " route add default via " + prefix + "1")
	b.network = "/run/netns/" + space
	b.configure(b.args)
	return prefix + "2"
}

// endpoint is where the group says that its primary is.
func (b *box) endpoint(group string) string {
	b.t.Helper()
	var shown struct {
		PrimaryEndpoint string `json:"primary_endpoint"`
	}
	if err := json.Unmarshal([]byte(b.exec("", nil, "/usr/bin/aikagi", "describe", group, "-o", "json")), &shown); err != nil {
		b.t.Fatal(err)
	}
	return shown.PrimaryEndpoint
}

// command logs in at an address as a client does that knows the advertised name only, and sends one command.
func (b *box) command(address string, words ...string) (string, error) {
	ca, err := os.ReadFile(filepath.Join(b.volume, "data", "ca.pem"))
	if err != nil {
		return "", err
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(ca)
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", address, &tls.Config{RootCAs: trusted, ServerName: advertised})
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return "", err
	}
	replies := bufio.NewReader(conn)
	reply := ""
	for _, command := range [][]string{{"AUTH", token}, words} {
		text := "*" + strconv.Itoa(len(command)) + "\r\n"
		for _, w := range command {
			text += "$" + strconv.Itoa(len(w)) + "\r\n" + w + "\r\n"
		}
		if _, err := io.WriteString(conn, text); err != nil {
			return "", err
		}
		if reply, err = replies.ReadString('\n'); err != nil || strings.HasPrefix(reply, "-") {
			return strings.TrimSpace(reply), err
		}
	}
	return strings.TrimSpace(reply), nil
}
