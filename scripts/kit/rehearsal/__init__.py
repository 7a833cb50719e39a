"""The keyless model: reads a conversation, answers as a model would, touches nothing else.

`model.reply` is the door. A task is read (reading), composed from the blueprints under knowledge/ (composing), written
down (emit_cfn), mended by the rule ids of linter and scanner (mending) and tested (testing); parts/ holds the four
parts it plays in a task.
"""
