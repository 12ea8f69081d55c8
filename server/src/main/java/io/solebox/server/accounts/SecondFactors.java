package io.solebox.server.accounts;

import java.util.List;
import java.util.Map;

/** What people bring beside their password. Safe for many threads. */
public interface SecondFactors {
  /** Where nobody needs one. */
  SecondFactors NONE =
      new SecondFactors() {
        @Override
        public List<String> kinds(User user) {
          return List.of();
        }

        @Override
        public Map<String, Object> challenge(User user) {
          return Map.of();
        }

        @Override
        public boolean verify(User user, Map<String, Object> proof) {
          return false;
        }
      };

  /**
   * What somebody has set up, as in {@code totp}, {@code recovery_code}, {@code passkey}; none for
   * whoever gets in with the password alone.
   */
  List<String> kinds(User user);

  /**
   * What somebody's program needs to bring one, for whoever has given the password: members of a
   * JSON object, by kind.
   */
  Map<String, Object> challenge(User user);

  /**
   * Whether it is one of theirs; what is good once is used up by this.
   *
   * @param proof members of the request by the kind that they are, as in {@code "totp": "123456"}
   * @throws io.solebox.server.http.Problem 400 if it is nothing that could be one
   */
  boolean verify(User user, Map<String, Object> proof);
}
