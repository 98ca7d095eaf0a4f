locals {
  title = "naïve 🎈 order"
  steps = concat(["Charge", "Ship"], compact(["", "_skipped"]))
  catch = { ErrorEquals = ["States.ALL"], Next = "Failed", ResultPth = "$.error" }
}
