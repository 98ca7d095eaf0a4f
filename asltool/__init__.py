"""asltool: check, run and draw AWS Step Functions state machines on your own machine."""
