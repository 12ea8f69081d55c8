package io.solebox.server.accounts.oidc;

import io.solebox.server.accounts.oidc.issuer.IssuerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an issuer says of somebody, in a token and, where that does not say all that is asked for,
 * by UserInfo (OpenID Connect Core 1.0, sections 5.1 and 5.3).
 *
 * @param subject of the token
 */
record Claims(OidcSettings settings, String subject, Map<String, Object> said) {
  private static final String MAIL = "email";
  private static final String VERIFIED = "email_verified";

  /** Whether UserInfo is to be asked. */
  boolean isShort() {
    return !said.containsKey(settings.nameClaim())
        || settings.groupsClaim().filter(claim -> !said.containsKey(claim)).isPresent()
        || (!settings.domains().isEmpty() && !hasMail());
  }

  private boolean hasMail() {
    return said.containsKey(MAIL) && said.containsKey(VERIFIED);
  }

  /**
   * With what UserInfo adds; what the token says stays. That an address is verified is said of the
   * address beside it alone.
   *
   * @throws IssuerException if it is somebody else's, as section 5.3.2 has it
   */
  Claims with(Map<String, Object> info) throws IssuerException {
    if (!subject.equals(info.get("sub"))) {
      throw new IssuerException("UserInfo are of somebody else than the token");
    }
    Map<String, Object> both = new HashMap<>(info);
    both.putAll(said);
    if (!hasMail()) {
      for (String claim : List.of(MAIL, VERIFIED)) {
        both.remove(claim);
        Optional.ofNullable(info.get(claim)).ifPresent(value -> both.put(claim, value));
      }
    }
    return new Claims(settings, subject, both);
  }

  /**
   * @throws IssuerException if something is missing, or of another type
   */
  Person person() throws IssuerException {
    Optional<String> mail = Boolean.TRUE.equals(said.get(VERIFIED)) ? text(MAIL) : Optional.empty();
    if (!settings.admits(mail)) {
      throw new IssuerException(
          "The issuer tells no verified mail address of " + String.join(", ", settings.domains()));
    }
    String name =
        text(settings.nameClaim())
            .filter(text -> !text.isBlank())
            .orElseThrow(
                () ->
                    new IssuerException(
                        "The issuer tells no claim '%s'".formatted(settings.nameClaim())));
    return new Person(settings.issuer(), subject, name, groups());
  }

  private List<String> groups() throws IssuerException {
    Optional<String> claim = settings.groupsClaim().filter(said::containsKey);
    if (claim.isEmpty()) {
      return List.of();
    }
    if (said.get(claim.get()) instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw otherType(claim.get());
  }

  private Optional<String> text(String claim) throws IssuerException {
    return switch (said.get(claim)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      case Object _ -> throw otherType(claim);
    };
  }

  private static IssuerException otherType(String claim) {
    return new IssuerException("The issuer tells claims of other types: '" + claim + "'");
  }
}
