"""Reports by e-mail: read (`reading`, `words`), fetched from a mailbox (`mailbox`) or piped in; taken by `actions.take_mail`."""
