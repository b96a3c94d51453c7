package module

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"
)

// Clients that take all places take none of the service's.
func TestClientsLeaveTheServicePlaces(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true), "maxclients 530", "protected-mode no")
		var all []*conn
		for range 18 {
			c := e.client()
			if reply := c.do("PING"); reply != "PONG" {
				t.Fatalf("client %d: %v", len(all), reply)
			}
			all = append(all, c)
		}
		for range 50 {
			c := e.client()
			if reply, err := c.read(); !isError(reply, "ERR max number of clients reached") {
				t.Fatalf("one too many: %v, %v", reply, err)
			}
			if _, err := c.read(); err == nil {
				t.Fatal("one too many lives")
			}
		}
		if reply := e.clientFrom(e.host).do("PING"); reply != "PONG" {
			t.Errorf("from a node's address: %v", reply)
		}
		info := e.admin().do("INFO", "clients").(string)
		if !strings.Contains(info, "maxclients:530\r\n") {
			t.Errorf("the service sees %s", info)
		}
		if info := all[0].do("INFO", "clients").(string); !strings.Contains(info, "maxclients:18\r\n") {
			t.Errorf("clients see %s", info)
		}
		all[1].Close() // two, for the other kind counts, too
		all[2].Close()
		eventually(t, "a place is free again", func() bool {
			reply, err := e.client().try("PING")
			return err == nil && reply == "PONG"
		})
	})
}

// writeCertificate makes a certificate for an engine that nobody checks.
func writeCertificate(t *testing.T, e *engine) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	e.write("node.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate}))+
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
}

// Connections over TLS that never say a word take no places either, however many there are.
func TestUnfinishedHandshakesLeavePlaces(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		e := startEngine(t, binary, state(true), "maxclients 530")
		e.kill()
		writeCertificate(t, e)
		port := freePort(t, e.host)
		e.withRest = append(e.withRest, "tls-port "+port, "tls-cert-file node.pem", "tls-key-file node.pem", "tls-ca-cert-file node.pem", "tls-auth-clients no")
		e.start()
		for range 600 {
			nc, err := net.DialTimeout("tcp", net.JoinHostPort(e.host, port), 5*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { nc.Close() })
		}
		eventually(t, "the service finds a place", func() bool {
			nc, err := net.Dial("unix", e.socket)
			if err != nil {
				return false
			}
			defer nc.Close()
			_ = nc.SetDeadline(time.Now().Add(5 * time.Second))
			reply, err := newConn(t, nc).try("AUTH", adminUser, adminPassword)
			return err == nil && reply == "OK"
		})
		eventually(t, "a client finds one", func() bool {
			nc, err := tls.Dial("tcp", net.JoinHostPort(e.host, port), &tls.Config{InsecureSkipVerify: true})
			if err != nil {
				return false
			}
			defer nc.Close()
			reply, err := newConn(t, nc).try("PING")
			return err == nil && reply == "PONG"
		})
	})
}

// An engine that begins with few places has more as clients come, up to what it is to have, and the service always finds one.
func TestPlacesGrow(t *testing.T) {
	eachEngine(t, func(t *testing.T, binary string) {
		g := startGated(t, binary, "maxclients 2300") // 252 for clients
		g.kill()
		g.clients = 700
		g.start()
		g.service = g.admin()
		g.obey(g.listen("preferred"))
		var silent []net.Conn
		for range 400 { // over TLS, without a finished handshake
			c := g.client()
			if _, err := c.Write([]byte{22}); err != nil {
				t.Fatal(err)
			}
			silent = append(silent, c)
		}
		eventually(t, "the engine has them all", func() bool { return g.figure("clients") == 400 })
		for _, c := range silent {
			c.Close()
		}
		eventually(t, "they are gone", func() bool { return g.figure("clients") == 0 })
		g.obey(g.listen("none"))
		var all []*conn
		for range 700 {
			c := g.client()
			if reply := c.do("PING"); reply != "PONG" {
				t.Fatalf("client %d: %v", len(all), reply)
			}
			all = append(all, c)
		}
		if info := all[0].do("INFO", "clients").(string); !strings.Contains(info, "maxclients:700\r\n") {
			t.Errorf("clients see %s", info)
		}
		for range 300 {
			c := g.client()
			if reply, err := c.read(); !isError(reply, "ERR max number of clients reached") {
				t.Fatalf("one too many: %v, %v", reply, err)
			}
		}
		if reply := g.admin().do("PING"); reply != "PONG" {
			t.Errorf("the service: %v", reply)
		}
	})
}
