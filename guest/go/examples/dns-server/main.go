// Answers queries for the addresses of a few names, by the package github.com/miekg/dns, which knows nothing of Datagrant.
// `dns-server ADDRESS NAME=IP...`
package main

import (
	"fmt"
	"net/netip"
	"os"
	"strings"

	"datagrant/dgram"

	"github.com/miekg/dns"
)

const ttl = 300

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "dns-server: %v\n", err)
		os.Exit(1)
	}
}

func serve(arguments []string) error {
	if len(arguments) == 0 {
		return fmt.Errorf("the address to bind is missing")
	}
	known, err := parse(arguments[1:])
	if err != nil {
		return err
	}
	conn, err := dgram.ListenPacket("udp", arguments[0])
	if err != nil {
		return err
	}
	fmt.Printf("listening on %v\n", conn.LocalAddr())
	server := dns.Server{PacketConn: conn, Handler: known}
	return server.ActivateAndServe()
}

// records are addresses by the names that they are asked for.
type records map[string][]netip.Addr

func parse(arguments []string) (records, error) {
	known := records{}
	for _, argument := range arguments {
		name, text, isPair := strings.Cut(argument, "=")
		ip, err := netip.ParseAddr(text)
		if !isPair || err != nil {
			return nil, fmt.Errorf("not NAME=IP: %s", argument)
		}
		name = dns.CanonicalName(name)
		known[name] = append(known[name], ip)
	}
	return known, nil
}

// ServeDNS answers a query.
func (known records) ServeDNS(w dns.ResponseWriter, query *dns.Msg) {
	if len(query.Question) != 1 {
		return
	}
	question := query.Question[0]
	answer := new(dns.Msg).SetReply(query)
	answer.Authoritative = true
	addresses, isKnown := known[dns.CanonicalName(question.Name)]
	if !isKnown {
		answer.Rcode = dns.RcodeNameError
	}
	for _, ip := range addresses {
		header := dns.RR_Header{Name: question.Name, Rrtype: question.Qtype, Class: dns.ClassINET, Ttl: ttl}
		switch {
		case question.Qtype == dns.TypeA && ip.Is4():
			answer.Answer = append(answer.Answer, &dns.A{Hdr: header, A: ip.AsSlice()})
		case question.Qtype == dns.TypeAAAA && ip.Is6():
			answer.Answer = append(answer.Answer, &dns.AAAA{Hdr: header, AAAA: ip.AsSlice()})
		}
	}
	w.WriteMsg(answer)
}
