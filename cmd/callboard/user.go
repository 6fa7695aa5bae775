package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
	"github.com/callboard/callboard/app"
)

type userCommand struct {
	Add     userAdd     `cmd:"" help:"Add a user. Without --password-stdin, asks for the password on a terminal."`
	List    userList    `cmd:"" help:"List users."`
	Passwd  userPasswd  `cmd:"" help:"Set a user's password, and end all sessions of the user."`
	Disable userDisable `cmd:"" help:"Disable a user: no sign-in, and no token of the user works any more."`
	Enable  userEnable  `cmd:"" help:"Let a user who was disabled sign in again. Tokens that were revoked stay so."`
	Unlink  userUnlink  `cmd:"" help:"Forget who a user is at the OpenID Connect provider, and end all sessions of the user: the next sign-in there links the account anew."`

	ResetSecondFactor userResetSecondFactor `cmd:"" name:"reset-second-factor" help:"Turn off the second factor of a user who has lost it, and end all sessions of the user."`
}

type userAdd struct {
	settings
	Email         string `required:"" help:"E-mail address, with which the user signs in."`
	Name          string `required:"" help:"Name that others see."`
	Role          string `required:"" enum:"admin,editor,viewer" help:"admin, editor or viewer."`
	PasswordStdin bool   `name:"password-stdin" help:"Read the password from the first line of standard input."`
}

func (c *userAdd) Run(ctx context.Context, std streams) error {
	password, err := readPassword(std, c.PasswordStdin)
	if err != nil {
		return err
	}
	return withAccounts(ctx, c.Config, std, func(ctx context.Context, accounts *account.Service) error {
		user, err := accounts.CreateUser(ctx, account.NewUser{
			Email: c.Email, Name: c.Name, Role: callboard.Role(c.Role), Password: password,
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(std.out, user.ID)
		return err
	})
}

type userList struct{ settings }

func (c *userList) Run(ctx context.Context, std streams) error {
	return withAccounts(ctx, c.Config, std, func(ctx context.Context, accounts *account.Service) error {
		w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tEMAIL\tNAME\tROLE\tSTATE\tSIGN-IN")
		for page := (callboard.Page{Limit: callboard.MaxLimit}); ; {
			users, err := accounts.ListUsers(ctx, page)
			if err != nil {
				return err
			}
			for _, u := range users.Items {
				state := "active"
				if u.Disabled {
					state = "disabled"
				}
				signIn := "no password"
				switch {
				case u.HasPassword && u.SecondFactor:
					signIn = "password, code"
				case u.HasPassword:
					signIn = "password"
				}
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", u.ID, u.Email, u.Name, u.Role, state, signIn)
			}
			if page.Cursor = users.NextCursor; page.Cursor == "" {
				return w.Flush()
			}
		}
	})
}

type userPasswd struct {
	settings
	Email         string `required:"" help:"E-mail address of the user."`
	PasswordStdin bool   `name:"password-stdin" help:"Read the password from the first line of standard input."`
}

func (c *userPasswd) Run(ctx context.Context, std streams) error {
	password, err := readPassword(std, c.PasswordStdin)
	if err != nil {
		return err
	}
	return withUser(ctx, c.Config, std, c.Email, func(ctx context.Context, accounts *account.Service, user account.User) error {
		_, err := accounts.SetPassword(ctx, user.ID, password)
		return err
	})
}

type userDisable struct {
	settings
	Email string `required:"" help:"E-mail address of the user."`
}

func (c *userDisable) Run(ctx context.Context, std streams) error {
	return withUser(ctx, c.Config, std, c.Email, func(ctx context.Context, accounts *account.Service, user account.User) error {
		_, err := accounts.DisableUser(ctx, user.ID)
		return err
	})
}

type userEnable struct {
	settings
	Email string `required:"" help:"E-mail address of the user."`
}

func (c *userEnable) Run(ctx context.Context, std streams) error {
	return withUser(ctx, c.Config, std, c.Email, func(ctx context.Context, accounts *account.Service, user account.User) error {
		_, err := accounts.UpdateUser(ctx, user.ID, account.UserPatch{Disabled: new(false)})
		return err
	})
}

type userUnlink struct {
	settings
	Email string `required:"" help:"E-mail address of the user."`
}

func (c *userUnlink) Run(ctx context.Context, std streams) error {
	return withUser(ctx, c.Config, std, c.Email, func(ctx context.Context, accounts *account.Service, user account.User) error {
		return accounts.Unlink(ctx, user.ID)
	})
}

type userResetSecondFactor struct {
	settings
	Email string `required:"" help:"E-mail address of the user."`
}

func (c *userResetSecondFactor) Run(ctx context.Context, std streams) error {
	return withUser(ctx, c.Config, std, c.Email, func(ctx context.Context, accounts *account.Service, user account.User) error {
		return accounts.ResetSecondFactor(ctx, user.ID)
	})
}

// withAccounts runs do as Callboard itself: whoever may run commands on the data may do everything.
func withAccounts(ctx context.Context, cfg app.Config, std streams, do func(context.Context, *account.Service) error) error {
	return withApp(ctx, cfg, std, func(a *app.App) error {
		return do(callboard.WithActor(ctx, callboard.System("Command line")), a.Accounts)
	})
}

func withUser(ctx context.Context, cfg app.Config, std streams, email string,
	do func(context.Context, *account.Service, account.User) error,
) error {
	return withAccounts(ctx, cfg, std, func(ctx context.Context, accounts *account.Service) error {
		user, err := accounts.UserByEmail(ctx, email)
		if err != nil {
			return err
		}
		return do(ctx, accounts, user)
	})
}

// readPassword reads a line from standard input, or asks for it twice where that is a terminal.
func readPassword(std streams, fromStdin bool) (string, error) {
	if fromStdin {
		line, err := bufio.NewReader(std.in).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	in, ok := std.in.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", errors.New("standard input is no terminal; pass the password with --password-stdin")
	}
	first, err := askPassword(std, in, "Password: ")
	if err != nil {
		return "", err
	}
	again, err := askPassword(std, in, "Again: ")
	if err == nil && first != again {
		err = errors.New("the two are not the same")
	}
	return first, err
}

func askPassword(std streams, in *os.File, prompt string) (string, error) {
	fmt.Fprint(std.err, prompt)
	defer fmt.Fprintln(std.err)
	b, err := term.ReadPassword(int(in.Fd()))
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(b), nil
}
