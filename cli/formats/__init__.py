"""What a command says, in the forms that build servers read: one module a form."""
