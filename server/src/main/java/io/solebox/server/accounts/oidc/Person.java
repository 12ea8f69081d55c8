package io.solebox.server.accounts.oidc;

import java.util.List;

/**
 * Somebody whom an issuer has signed in.
 *
 * @param subject by which the issuer knows him for ever; a name may change hands
 * @param name that he wishes to have here
 * @param groups as the issuer lists them; empty where it is not asked for them
 */
record Person(String issuer, String subject, String name, List<String> groups) {
  Person {
    groups = List.copyOf(groups);
  }
}
