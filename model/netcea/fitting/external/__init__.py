"""What is known of survival beside the patients, as further terms of a likelihood.

Registry counts, elicited judgements and published landmarks all speak of one thing: the share of those alive at one
time who are alive at a later one. Each is a log-likelihood of that share (`beliefs`), with its time, weight and source
(`terms`); what experts gave as quantiles becomes a distribution first (`elicited`).
"""
