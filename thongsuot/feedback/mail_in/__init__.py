"""Reports by e-mail, fetched from a mailbox or piped in: `actions.take_mail` takes them."""
