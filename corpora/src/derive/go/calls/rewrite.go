package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// rewrite gives each call a line number of its own, by the comments with which programs that write Go say where a line
// comes from: the number of the call in the made-up file "s", and after it "r". What stands in "r" is no call that is asked
// about. Each function says first that it was entered.
func (p *project) rewrite(tracer string, definitions []*definition, sites []*site) error {
	type edit struct {
		offset, order int
		text          string
	}
	edits := map[string][]edit{}
	defines := map[string]bool{}
	for _, one := range definitions {
		defines[one.file] = true
	}
	p.eachFile(func(file string, tree *ast.File, _ *types.Info) {
		if !defines[file] {
			return // What is imported must be used.
		}
		end := p.fset.PositionFor(tree.Name.End(), false).Offset
		edits[file] = append(edits[file], edit{end, 0, fmt.Sprintf("; import drift_trace %q", tracer)})
	})
	for number, one := range definitions {
		edits[one.file] = append(edits[one.file], edit{one.bodyOffset + 1, 0, fmt.Sprintf(" drift_trace.Enter(%d); ", number)})
	}
	for index, one := range sites {
		open := edit{one.open, 1, fmt.Sprintf("/*line s:%d:1*/", index+1)}
		shut := edit{one.close, -1, "/*line r:1:1*/"}
		edits[one.file] = append(edits[one.file], open, shut)
	}
	for file, all := range edits {
		sort.SliceStable(all, func(a, b int) bool {
			if all[a].offset != all[b].offset {
				return all[a].offset < all[b].offset
			}
			return all[a].order < all[b].order
		})
		name := filepath.Join(p.root, filepath.FromSlash(file))
		text := p.text(name)
		var out strings.Builder
		from := 0
		for _, one := range all {
			out.Write(text[from:one.offset])
			out.WriteString(one.text)
			from = one.offset
		}
		out.Write(text[from:])
		if err := os.WriteFile(name, []byte(out.String()), 0o644); err != nil {
			return err
		}
	}
	return nil
}
