package deptest

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// Leaks returns the exported names of a package in whose types there is one of an internal package of the module: nobody outside of
// it could name that.
func Leaks(module string, pkg *types.Package) []string {
	l := &leaks{module: module, pkg: pkg, seen: map[types.Type]bool{}}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			l.at(name).object(obj)
		}
	}
	slices.Sort(l.found)
	return slices.Compact(l.found)
}

type leaks struct {
	module string
	pkg    *types.Package
	seen   map[types.Type]bool // named types of the package whose members have been looked at
	where  string
	found  []string
}

func (l *leaks) at(name string) *leaks {
	l.where = name
	return l
}

func (l *leaks) object(obj types.Object) {
	name, isType := obj.(*types.TypeName)
	if !isType || name.IsAlias() {
		l.mention(obj.Type())
		return
	}
	l.members(obj.Name(), obj.Type())
}

// members looks at what is exported of a type of the package.
func (l *leaks) members(name string, t types.Type) {
	if l.seen[t] {
		return
	}
	l.seen[t] = true
	if named, ok := t.(*types.Named); ok {
		for param := range named.TypeParams().TypeParams() {
			l.at(name).mention(param.Constraint())
		}
	}
	l.at(name).mention(t.Underlying())
	receiver := t
	if !types.IsInterface(t) {
		receiver = types.NewPointer(t)
	}
	for method := range types.NewMethodSet(receiver).Methods() {
		if method.Obj().Exported() {
			l.at(name + "." + method.Obj().Name()).mention(method.Type())
		}
	}
}

// mention looks at a type where it is written down.
func (l *leaks) mention(t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		l.name(t.Obj())
		l.mention(types.Unalias(t))
	case *types.Named:
		l.name(t.Obj())
		for arg := range t.TypeArgs().Types() {
			l.mention(arg)
		}
		if t.Obj().Pkg() == l.pkg && !t.Obj().Exported() { // what it exports can be used all the same
			where := l.where
			l.members(where+" → "+t.Obj().Name(), t)
			l.where = where
		}
	case *types.Struct:
		l.fields(t)
	case *types.Interface:
		for i := range t.NumEmbeddeds() {
			l.mention(t.EmbeddedType(i))
		}
		for method := range t.ExplicitMethods() {
			if method.Exported() {
				l.mention(method.Type())
			}
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			l.mention(v.Type())
		}
		for v := range t.Results().Variables() {
			l.mention(v.Type())
		}
	case *types.Map:
		l.mention(t.Key())
		l.mention(t.Elem())
	case *types.Union:
		for term := range t.Terms() {
			l.mention(term.Type())
		}
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		l.mention(t.Elem())
	}
}

func (l *leaks) fields(s *types.Struct) {
	where := l.where
	for field := range s.Fields() {
		switch {
		case field.Exported():
			l.at(where + "." + field.Name()).mention(field.Type())
		case field.Embedded(): // lends what it exports
			l.at(where).mention(field.Type())
		}
	}
	l.where = where
}

// name notes a type of an internal package.
func (l *leaks) name(obj *types.TypeName) {
	if obj.Pkg() == nil {
		return
	}
	path := obj.Pkg().Path()
	if strings.HasPrefix(path, l.module+"/") && strings.Contains(path+"/", "/internal/") {
		l.found = append(l.found, fmt.Sprintf("%s: %s.%s", l.where, path, obj.Name()))
	}
}
