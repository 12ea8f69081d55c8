package io.solebox.server.accounts.passkeys;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticatorTransport;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.data.extension.authenticator.RegistrationExtensionAuthenticatorOutput;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import com.webauthn4j.verifier.exception.UserNotVerifiedException;
import com.webauthn4j.verifier.exception.VerificationException;
import io.solebox.server.accounts.once.OnceTokens;
import io.solebox.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What browsers and authenticators say in the two ceremonies of WebAuthn, and whether it is true
 * (https://www.w3.org/TR/webauthn-3/#sctn-rp-operations). The person must have been verified by the
 * device (fingerprint, face, PIN), so that a passkey is something one has and something one is or
 * knows. Which make the device is of is not asked. Knows no accounts, and keeps nothing.
 */
final class Ceremonies {
  private static final boolean USER_VERIFIED = true;
  private static final boolean USER_PRESENT = true;

  private static final List<COSEAlgorithmIdentifier> ALGORITHMS =
      List.of(
          COSEAlgorithmIdentifier.ES256,
          COSEAlgorithmIdentifier.EdDSA,
          COSEAlgorithmIdentifier.RS256);

  private final ObjectConverter converter = new ObjectConverter();
  private final AttestedCredentialDataConverter credentials =
      new AttestedCredentialDataConverter(converter);
  private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);

  /** A passkey that a device has just made. */
  record Made(
      String id,
      byte[] credential,
      long counter,
      boolean backupEligible,
      List<String> transports) {}

  /**
   * What a browser needs to have a passkey made, as {@code
   * PublicKeyCredential.parseCreationOptionsFromJSON} reads it.
   *
   * @param account its id is the user handle by which the passkey finds its account again
   * @param known ids of passkeys that this account has; no device makes a second one
   */
  Map<String, Object> creation(
      RelyingParty party, String challenge, String account, String userName, List<String> known) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("rp", Map.of("id", party.id(), "name", "Solebox"));
    String handle = base64(account.getBytes(StandardCharsets.UTF_8));
    options.put("user", Map.of("id", handle, "name", userName, "displayName", userName));
    options.put("challenge", challenge);
    options.put(
        "pubKeyCredParams",
        ALGORITHMS.stream()
            .map(each -> Map.of("type", "public-key", "alg", each.getValue()))
            .toList());
    options.put("timeout", OnceTokens.LIFETIME.toMillis());
    options.put(
        "excludeCredentials",
        known.stream().map(id -> Map.of("type", "public-key", "id", id)).toList());
    options.put(
        "authenticatorSelection",
        Map.of(
            "residentKey", "required", "requireResidentKey", true, "userVerification", "required"));
    options.put("attestation", "none");
    return options;
  }

  /** The same to sign in with any passkey that a device has for this box. */
  Map<String, Object> request(RelyingParty party, String challenge) {
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("challenge", challenge);
    options.put("rpId", party.id());
    options.put("allowCredentials", List.of());
    options.put("timeout", OnceTokens.LIFETIME.toMillis());
    options.put("userVerification", "required");
    return options;
  }

  /** An answer to {@link #creation}, not believed yet. */
  final class Registration {
    private final RegistrationData data;

    private Registration(RegistrationData data) {
      this.data = data;
    }

    /** In base64url. */
    String challenge() {
      return challengeOf(data.getCollectedClientData());
    }

    /**
     * @throws Problem 400 if it is not what was asked for
     */
    Made verified(RelyingParty party, String challenge) {
      List<PublicKeyCredentialParameters> algorithms =
          ALGORITHMS.stream()
              .map(a -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, a))
              .toList();
      RegistrationParameters parameters =
          new RegistrationParameters(
              property(party, challenge), algorithms, USER_VERIFIED, USER_PRESENT);
      read(() -> manager.verify(data, parameters));
      AuthenticatorData<RegistrationExtensionAuthenticatorOutput> made =
          data.getAttestationObject().getAuthenticatorData();
      byte[] id = made.getAttestedCredentialData().getCredentialId();
      return new Made(
          base64(id),
          credentials.convert(made.getAttestedCredentialData()),
          made.getSignCount(),
          made.isFlagBE(),
          Optional.ofNullable(data.getTransports()).orElse(Set.of()).stream()
              .map(AuthenticatorTransport::getValue)
              .sorted()
              .toList());
    }
  }

  /** An answer to {@link #request}, not believed yet. */
  final class Assertion {
    private final AuthenticationData data;

    private Assertion(AuthenticationData data) {
      this.data = data;
    }

    String challenge() {
      return challengeOf(data.getCollectedClientData());
    }

    /** Which passkey has signed, as it says; in base64url. */
    String passkey() {
      return base64(data.getCredentialId());
    }

    /** Whose the passkey is, as its device says; empty where it says nothing. */
    Optional<String> account() {
      return Optional.ofNullable(data.getUserHandle())
          .map(handle -> new String(handle, StandardCharsets.UTF_8));
    }

    /**
     * The counter that the device has now.
     *
     * @throws Problem 400 if the signature is not this passkey's, or not for this
     */
    long verified(RelyingParty party, String challenge, Passkey known) {
      AuthenticationParameters parameters =
          new AuthenticationParameters(
              property(party, challenge), record(known), null, USER_VERIFIED, USER_PRESENT);
      read(() -> manager.verify(data, parameters));
      return data.getAuthenticatorData().getSignCount();
    }
  }

  /**
   * @param json of the browser's {@code PublicKeyCredential.toJSON()}
   * @throws Problem 400 if it cannot be read
   */
  Registration registration(String json) {
    RegistrationData data = read(() -> manager.parseRegistrationResponseJSON(json));
    if (data.getAttestationObject() == null || data.getCollectedClientData() == null) {
      throw unreadable();
    }
    return new Registration(data);
  }

  /** The same of an assertion. */
  Assertion assertion(String json) {
    AuthenticationData data = read(() -> manager.parseAuthenticationResponseJSON(json));
    if (data.getAuthenticatorData() == null || data.getCollectedClientData() == null) {
      throw unreadable();
    }
    return new Assertion(data);
  }

  /** What the library makes of an answer. Of one that is nonsense it throws this and that. */
  private static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (VerificationException e) {
      throw refused(e);
    } catch (RuntimeException e) {
      throw unreadable();
    }
  }

  private CredentialRecord record(Passkey known) {
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        true, // whoever made it was verified
        known.backupEligible(),
        null, // copies come and go
        known.counter(),
        credentials.convert(known.credential()),
        null,
        null,
        null,
        known.transports().stream()
            .map(AuthenticatorTransport::create)
            .collect(Collectors.toSet()));
  }

  private static ServerProperty property(RelyingParty party, String challenge) {
    return ServerProperty.builder()
        .origin(Origin.create(party.origin()))
        .rpId(party.id())
        .challenge(new DefaultChallenge(challenge))
        .build();
  }

  private static String challengeOf(CollectedClientData data) {
    return Optional.ofNullable(data.getChallenge())
        .map(challenge -> base64(challenge.getValue()))
        .orElseThrow(Ceremonies::unreadable);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static Problem unreadable() {
    return Problem.of(400, "invalid_passkey", "This is no answer of an authenticator.");
  }

  private static Problem refused(VerificationException cause) {
    if (cause instanceof MaliciousCounterValueException) {
      return Problem.of(
          400,
          "passkey_copied",
          "This passkey has been used by a copy of it. Sign in another way and remove it.");
    }
    if (cause instanceof UserNotVerifiedException) {
      return Problem.of(
          400,
          "passkey_unverified",
          "The device did not check who holds it. Set a PIN, a fingerprint or a face on it.");
    }
    return Problem.of(
        400, "passkey_refused", "The passkey's answer is not valid here: " + cause.getMessage());
  }
}
