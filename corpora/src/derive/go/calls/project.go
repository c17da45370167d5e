package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
)

// definition is a function with a body: one that is declared, or a literal.
type definition struct {
	id, file, name   string
	start, body, end token.Position
	bodyOffset       int
}

// project is a module with its tests, type-checked, and what is defined in its files.
type project struct {
	root        string
	fset        *token.FileSet
	initial     []*packages.Package
	texts       map[string][]byte
	wanted      map[string]bool
	definitions map[string]*definition
	// Definitions by where their name stands, of literals by where the word func does.
	byName map[string]*definition
}

// load type-checks the module at root, offline. Nothing of it is run.
func load(root string, files []string) (*project, error) {
	p := &project{
		root: root, fset: token.NewFileSet(), texts: map[string][]byte{}, wanted: map[string]bool{},
		definitions: map[string]*definition{}, byName: map[string]*definition{},
	}
	for _, file := range files {
		p.wanted[file] = true
	}
	config := &packages.Config{
		Mode: packages.LoadAllSyntax, Dir: root, Fset: p.fset, Tests: true,
		Env: append(os.Environ(), "GOFLAGS=-mod=mod -buildvcs=false", "GOPROXY=off", "CGO_ENABLED=0", "GOTOOLCHAIN=local"),
	}
	initial, err := packages.Load(config, "./...")
	if err != nil {
		return nil, err
	}
	for _, one := range initial {
		for _, problem := range one.Errors {
			return nil, fmt.Errorf("%s: %w", one.ID, problem)
		}
	}
	p.initial = initial
	p.eachFile(func(file string, tree *ast.File, _ *types.Info) { p.collect(file, tree) })
	return p, nil
}

// eachFile visits every wanted file once, with the types of one of the packages that it is part of.
func (p *project) eachFile(visit func(file string, tree *ast.File, info *types.Info)) {
	type found struct {
		tree *ast.File
		info *types.Info
	}
	files := map[string]found{}
	for _, one := range p.initial {
		for _, tree := range one.Syntax {
			file := p.relative(p.fset.PositionFor(tree.Package, false).Filename)
			if _, known := files[file]; !known && p.wanted[file] {
				files[file] = found{tree, one.TypesInfo}
			}
		}
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		visit(name, files[name].tree, files[name].info)
	}
}

func (p *project) relative(file string) string {
	relative, err := filepath.Rel(p.root, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(relative)
}

func (p *project) collect(file string, tree *ast.File) {
	add := func(name string, from, named, to token.Pos, body *ast.BlockStmt) {
		start := p.at(from)
		one := &definition{
			id: fmt.Sprintf("%s:%d:%d", file, start.Line, start.Column), file: file, name: name,
			start: start, body: p.at(body.Lbrace), end: p.at(to), bodyOffset: p.fset.PositionFor(body.Lbrace, false).Offset,
		}
		p.definitions[one.id] = one
		p.byName[p.key(named)] = one
	}
	ast.Inspect(tree, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			if node.Body != nil {
				add(nameOf(node), node.Pos(), node.Name.Pos(), node.End(), node.Body)
			}
		case *ast.FuncLit:
			add("<func>", node.Pos(), node.Pos(), node.End(), node.Body)
		}
		return true
	})
}

// nameOf is Type.method for methods.
func nameOf(declared *ast.FuncDecl) string {
	if declared.Recv == nil || len(declared.Recv.List) == 0 {
		return declared.Name.Name
	}
	receiver := declared.Recv.List[0].Type
	for {
		switch inner := receiver.(type) {
		case *ast.StarExpr:
			receiver = inner.X
		case *ast.ParenExpr:
			receiver = inner.X
		case *ast.IndexExpr:
			receiver = inner.X
		case *ast.IndexListExpr:
			receiver = inner.X
		case *ast.Ident:
			return inner.Name + "." + declared.Name.Name
		default:
			return declared.Name.Name
		}
	}
}

// at is a position with a column that counts UTF-16 units, both from 1.
func (p *project) at(pos token.Pos) token.Position {
	found := p.fset.PositionFor(pos, false)
	text := p.text(found.Filename)
	line := text[found.Offset-(found.Column-1) : found.Offset]
	column := 1
	for len(line) > 0 {
		one, size := utf8.DecodeRune(line)
		if one > 0xffff {
			column++
		}
		column++
		line = line[size:]
	}
	found.Column = column
	return found
}

func (p *project) text(file string) []byte {
	text, known := p.texts[file]
	if !known {
		text, _ = os.ReadFile(file)
		p.texts[file] = text
	}
	return text
}

// key names a place whichever package its file was read for.
func (p *project) key(pos token.Pos) string {
	found := p.fset.PositionFor(pos, false)
	return fmt.Sprintf("%s:%d", found.Filename, found.Offset)
}

// definitionOf is the definition that a compiled function is, or wraps; nil for what lies elsewhere.
func (p *project) definitionOf(function *ssa.Function) *definition {
	if origin := function.Origin(); origin != nil {
		function = origin
	}
	if object := function.Object(); object != nil {
		return p.byName[p.key(object.Pos())]
	}
	if !function.Pos().IsValid() {
		return nil
	}
	return p.byName[p.key(function.Pos())]
}

// isTest says whether a compiled function stands in a file of this module that is not asked about.
func (p *project) isOurs(function *ssa.Function) bool {
	pos := function.Pos()
	if object := function.Object(); object != nil {
		pos = object.Pos()
	}
	if !pos.IsValid() {
		return false
	}
	relative := p.relative(p.fset.PositionFor(pos, false).Filename)
	return !strings.HasPrefix(relative, "..") && !filepath.IsAbs(relative)
}
