"""Protection: identification, consent, referral and support, and who may see what."""
