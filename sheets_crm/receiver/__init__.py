"""The receiver: an HTTP server that takes what sources post, and answers when it is in the store.

It knows nothing of workbooks and runs: it is given a function that stores deliveries, and a table of sources. What was
answered with 200 is on the disk; everything else is the sender's to repeat. Whoever cannot prove that he may post
leaves nothing behind, and whatever is sent, the memory that it takes is bounded.

It needs the packages of the extra ``webhooks``, and is imported only where something is to be received.
"""
