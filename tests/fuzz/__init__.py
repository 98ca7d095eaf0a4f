"""Mutants of every kind of file that asltool reads: whatever they hold, it has an answer of its own.

::

    python -m tests.fuzz --seed 1 --count 20000
    python -m tests.fuzz --seed 1 --only history --number 117 --show

A mutant is made from the seed, the name of its kind and its number alone. It is given to the commands that
read such files, in this process; an exception that is none of asltool's own, or a command that does not end,
is a failure. Failures are printed with their tracebacks, each place in the code once; the exit status is 1
then.
"""
