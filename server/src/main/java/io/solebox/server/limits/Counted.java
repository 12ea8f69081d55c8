package io.solebox.server.limits;

/** What is counted of what somebody uses. */
public enum Counted {
  REQUESTS,
  PROMPT_TOKENS,
  GENERATED_TOKENS
}
