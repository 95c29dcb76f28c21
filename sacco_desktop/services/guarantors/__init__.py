"""Promises to guarantee a loan: asked for, given with evidence, what each still binds, and the register of them."""
