{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": ${seconds}, "Next": "Send"},
 "Send": {"Type": "Task", "Resource": "${arn}", "TimeoutSeconds": "${seconds}", "End": true}}}
