package io.solebox.server.limits;

/**
 * What was used.
 *
 * @param prompt tokens of prompts, with those that were found in the prefix cache
 * @param cached those that were found there
 * @param generated tokens of answers
 */
public record Used(long requests, long prompt, long cached, long generated) {
  public static final Used NOTHING = new Used(0, 0, 0, 0);

  public Used plus(Used more) {
    return new Used(
        requests + more.requests,
        prompt + more.prompt,
        cached + more.cached,
        generated + more.generated);
  }

  public boolean isNothing() {
    return equals(NOTHING);
  }
}
