StartAt: A
States:
  A: {Type: Pass, Next: B}
  B:
    Type: Wait
    Seconds: ${seconds}
    End: ${end}
