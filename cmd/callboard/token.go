package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
)

type tokenCommand struct {
	Create tokenCreate `cmd:"" help:"Create an API token and print it: it is nowhere stored and cannot be shown again."`
	List   tokenList   `cmd:"" help:"List the API tokens of a user."`
	Revoke tokenRevoke `cmd:"" help:"Revoke an API token. It stops working within a second."`
}

type tokenCreate struct {
	settings
	Email   string         `required:"" help:"E-mail address of the user whose rights it has."`
	Name    string         `required:"" help:"What it is for."`
	Service bool           `help:"For an application that acts for other users."`
	Scope   []string       `help:"What it is limited to, of what the user may do: read, write (all but sign-in and users), or of one service, such as episodes:read or system:read. Repeat it for more. Default: all."`
	Expires *time.Duration `help:"How long it holds: 90d, 12h. Default: until revoked."`
}

func (c *tokenCreate) Run(ctx context.Context, std streams) error {
	return withUser(ctx, c.Config, std, c.Email, func(ctx context.Context, accounts *account.Service, user account.User) error {
		in := account.NewToken{UserID: user.ID, Name: c.Name, Service: c.Service, Scopes: c.Scope}
		if c.Expires != nil && *c.Expires <= 0 {
			return callboard.Errorf(callboard.CodeInvalid, "--expires must be a positive time such as 90d or 12h")
		}
		if c.Expires != nil {
			in.ExpiresAt = new(time.Now().Add(*c.Expires))
		}
		_, secret, err := accounts.CreateToken(ctx, in)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(std.out, secret)
		return err
	})
}

type tokenList struct {
	settings
	Email string `required:"" help:"E-mail address of the user."`
}

func (c *tokenList) Run(ctx context.Context, std streams) error {
	return withUser(ctx, c.Config, std, c.Email, func(ctx context.Context, accounts *account.Service, user account.User) error {
		w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tNAME\tSERVICE\tSCOPES\tCREATED\tBY\tEXPIRES\tLAST USED")
		for page := (callboard.Page{Limit: callboard.MaxLimit}); ; {
			tokens, err := accounts.ListTokens(ctx, user.ID, page)
			if err != nil {
				return err
			}
			for _, t := range tokens.Items {
				creator := "-"
				if t.CreatedBy != nil {
					creator = t.CreatedBy.Name
				}
				fmt.Fprintf(w, "%s\t%s\t%t\t%s\t%s\t%s\t%s\t%s\n",
					t.ID, t.Name, t.Service, cmp.Or(strings.Join(t.Scopes, ","), "-"), moment(&t.CreatedAt), creator, moment(t.ExpiresAt), moment(t.LastUsedAt))
			}
			if page.Cursor = tokens.NextCursor; page.Cursor == "" {
				return w.Flush()
			}
		}
	})
}

func moment(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.RFC3339)
}

type tokenRevoke struct {
	settings
	Token string `arg:"" help:"ID of the token, or its name where only one has it."`
}

func (c *tokenRevoke) Run(ctx context.Context, std streams) error {
	return withAccounts(ctx, c.Config, std, func(ctx context.Context, accounts *account.Service) error {
		_, err := accounts.RevokeToken(ctx, c.Token)
		return err
	})
}
