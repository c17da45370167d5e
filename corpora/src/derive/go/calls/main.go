// Command calls reads a module of Go and prints as JSON what can be called in it and which calls there are: static ones as
// go/types fixes them, the others as VTA (golang.org/x/tools/go/callgraph) finds them. With a plan it also rewrites the
// sources below root so that each call has a line number of its own and each function says that it was entered.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"runtime"
	"sort"
)

type request struct {
	Root     string   `json:"root"`
	Measured []string `json:"measured"`
	Context  []string `json:"context"`
	// Where the tracer's package is imported from; empty when nothing is rewritten.
	Tracer string `json:"tracer"`
	// Whether calls that nothing fixes are asked about.
	Flows bool `json:"flows"`
}

type object = map[string]any

func main() {
	var asked request
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fail(err)
	}
	p, err := load(asked.Root, append(append([]string{}, asked.Measured...), asked.Context...))
	if err != nil {
		fail(err)
	}
	flows := map[string]*dynamic{}
	if asked.Flows {
		flows = p.variableTypes()
	}
	measured := map[string]bool{}
	for _, file := range asked.Measured {
		measured[file] = true
	}
	var sites []*site
	p.eachFile(func(file string, tree *ast.File, info *types.Info) {
		if measured[file] {
			sites = append(sites, p.calls(file, tree, info, flows)...)
		}
	})
	definitions := p.ordered()
	if asked.Tracer != "" {
		if err := p.rewrite(asked.Tracer, definitions, sites); err != nil {
			fail(err)
		}
	}
	answer := object{"version": runtime.Version(), "definitions": []object{}, "sites": []object{}}
	said := []object{}
	for _, one := range definitions {
		said = append(said, object{
			"id": one.id, "file": one.file, "name": one.name, "span": span(one.start, one.end), "body": position(one.body),
		})
	}
	answer["definitions"] = said
	said = []object{}
	for _, one := range sites {
		said = append(said, one.said())
	}
	answer["sites"] = said
	if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func (p *project) ordered() []*definition {
	var all []*definition
	for _, one := range p.definitions {
		all = append(all, one)
	}
	sort.Slice(all, func(a, b int) bool {
		if all[a].file != all[b].file {
			return all[a].file < all[b].file
		}
		return all[a].bodyOffset < all[b].bodyOffset
	})
	return all
}

func (one *site) said() object {
	targets := []object{}
	for _, id := range one.targets {
		targets = append(targets, object{"definition": id})
	}
	if one.external != "" {
		targets = append(targets, object{"external": one.external})
	}
	said := object{
		"id": one.id, "file": one.file, "span": span(one.start, one.end), "callee": nil, "syntax": "call",
		"stratum": one.stratum, "must": []object{}, "may": []object{}, "complete": one.complete, "reason": nil,
	}
	if one.name != "" {
		callee := position(one.nameAt)
		callee["name"] = one.name
		said["callee"] = callee
	}
	if one.fixed {
		said["must"] = targets
	} else {
		said["may"] = targets
	}
	if !one.complete {
		said["reason"] = one.reason
	}
	return said
}

func span(start, end token.Position) object {
	return object{"line": start.Line, "column": start.Column, "endLine": end.Line, "endColumn": end.Column}
}

func position(at token.Position) object {
	return object{"line": at.Line, "column": at.Column}
}
