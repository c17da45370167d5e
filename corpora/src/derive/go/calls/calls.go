package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"

	"golang.org/x/tools/go/callgraph"
	"golang.org/x/tools/go/callgraph/cha"
	"golang.org/x/tools/go/callgraph/vta"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
	"golang.org/x/tools/go/types/typeutil"
)

// site is one call, and what it can enter.
type site struct {
	id, file, name, stratum, reason string
	start, nameAt, end              token.Position
	open, close                     int
	targets                         []string
	external                        string
	fixed, complete                 bool
}

// dynamic is what VTA found for the calls whose parenthesis stands at one place.
type dynamic struct {
	definitions map[string]bool
	outside     bool
	// Whether it may be a function of a test, which is nothing that is asked about.
	inTests bool
}

// variableTypes runs VTA over the module, its tests and all that they import. Calls in copies of a generic function, and
// of a package once more with its tests, count together.
func (p *project) variableTypes() map[string]*dynamic {
	program, _ := ssautil.AllPackages(p.initial, ssa.InstantiateGenerics)
	program.Build()
	functions := ssautil.AllFunctions(program)
	graph := vta.CallGraph(functions, cha.CallGraph(program))
	found := map[string]*dynamic{}
	for function, node := range graph.Nodes {
		if function == nil || !p.isOurs(function) {
			continue
		}
		for _, block := range function.Blocks {
			for _, instruction := range block.Instrs {
				if call, is := instruction.(ssa.CallInstruction); is && call.Common().Pos().IsValid() {
					key := p.key(call.Common().Pos())
					if found[key] == nil {
						found[key] = &dynamic{definitions: map[string]bool{}}
					}
				}
			}
		}
		for _, edge := range node.Out {
			if edge.Site == nil || !edge.Site.Common().Pos().IsValid() {
				continue
			}
			if at := found[p.key(edge.Site.Common().Pos())]; at != nil {
				p.enter(at, edge.Callee, 0)
			}
		}
	}
	return found
}

// enter adds what an edge leads to; through wrappers that the compiler makes, what these call.
func (p *project) enter(at *dynamic, callee *callgraph.Node, depth int) {
	function := callee.Func
	if one := p.definitionOf(function); one != nil {
		at.definitions[one.id] = true
		return
	}
	if function.Synthetic != "" && depth < 3 && len(callee.Out) > 0 {
		for _, edge := range callee.Out {
			p.enter(at, edge.Callee, depth+1)
		}
		return
	}
	if p.isOurs(function) {
		at.inTests = true
	} else {
		at.outside = true
	}
}

// calls are all calls in a file, in the order of their places; conversions are none.
func (p *project) calls(file string, tree *ast.File, info *types.Info, flows map[string]*dynamic) []*site {
	var found []*site
	ast.Inspect(tree, func(node ast.Node) bool {
		call, is := node.(*ast.CallExpr)
		if !is || info.Types[call.Fun].IsType() {
			return true
		}
		start, end := p.at(call.Pos()), p.at(call.End())
		one := &site{
			id:   fmt.Sprintf("%s:%d:%d-%d:%d", file, start.Line, start.Column, end.Line, end.Column),
			file: file, start: start, end: end, fixed: true, complete: true,
			open: p.fset.PositionFor(call.Lparen, false).Offset, close: p.fset.PositionFor(call.Rparen, false).Offset + 1,
		}
		name := named(call.Fun, info)
		if name != nil {
			one.name, one.nameAt = name.Name, p.at(name.Pos())
		}
		p.resolve(one, call, name, info, flows)
		found = append(found, one)
		return true
	})
	return found
}

func (p *project) resolve(one *site, call *ast.CallExpr, name *ast.Ident, info *types.Info, flows map[string]*dynamic) {
	callee := ast.Unparen(call.Fun)
	if literal, is := callee.(*ast.FuncLit); is {
		one.stratum, one.targets = "direct", []string{p.byName[p.key(literal.Pos())].id}
		return
	}
	if info.Types[callee].IsBuiltin() {
		one.stratum, one.external = "external", one.name
		return
	}
	if function := typeutil.StaticCallee(info, call); function != nil {
		definition := p.byName[p.key(function.Origin().Pos())]
		switch {
		case definition == nil:
			one.stratum, one.external = "external", function.Name()
		case function.Signature().Recv() != nil:
			one.stratum, one.targets = "method", []string{definition.id}
		case definition.file == one.file:
			one.stratum, one.targets = "direct", []string{definition.id}
		default:
			one.stratum, one.targets = "imported", []string{definition.id}
		}
		return
	}
	one.fixed, one.stratum = false, stratum(callee, name, info)
	flow := flows[p.key(call.Lparen)]
	// What only tests put there says nothing about the module.
	if flow == nil || (len(flow.definitions) == 0 && !flow.outside) {
		one.complete, one.reason = false, "no-implementation-found"
		return
	}
	for id := range flow.definitions {
		one.targets = append(one.targets, id)
	}
	sort.Strings(one.targets)
	if flow.outside || flow.inTests {
		one.external = one.name
		if one.external == "" {
			one.external = "<func>"
		}
		if len(one.targets) == 0 {
			one.stratum = "external"
		}
	}
}

// named is the last name of a callee, nil for one that has none.
func named(callee ast.Expr, info *types.Info) *ast.Ident {
	switch callee := ast.Unparen(callee).(type) {
	case *ast.Ident:
		return callee
	case *ast.SelectorExpr:
		return callee.Sel
	case *ast.IndexExpr:
		if _, isCopy := info.Instances[identOf(callee.X)]; isCopy {
			return identOf(callee.X)
		}
	case *ast.IndexListExpr:
		return identOf(callee.X)
	}
	return nil
}

func identOf(tree ast.Expr) *ast.Ident {
	switch tree := ast.Unparen(tree).(type) {
	case *ast.Ident:
		return tree
	case *ast.SelectorExpr:
		return tree.Sel
	}
	return nil
}

// stratum is the kind of a call that nothing fixes.
func stratum(callee ast.Expr, name *ast.Ident, info *types.Info) string {
	if _, is := callee.(*ast.IndexExpr); is && name == nil {
		return "computed"
	}
	if name == nil {
		return "stored-value"
	}
	switch object := info.Uses[name].(type) {
	case *types.Func:
		return "interface"
	case *types.Var:
		if object.Kind() == types.ParamVar {
			return "callback"
		}
	}
	return "stored-value"
}
