package io.solebox.server.accounts.passkeys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key that somebody's device holds; what is kept of it is public.
 *
 * @param id of the credential, in base64url
 * @param account whose it is
 * @param name by which its owner knows it
 * @param rpId the name of this box that it works under
 * @param credential the attested credential data of WebAuthn: model of the authenticator, id,
 *     public key in COSE
 * @param counter of signatures, as the device last told it; 0 where it does not count
 * @param backupEligible whether its device may copy it to others
 * @param transports how browsers reach it, as in {@code internal}, {@code usb}
 */
public record Passkey(
    String id,
    String account,
    String name,
    String rpId,
    byte[] credential,
    long counter,
    boolean backupEligible,
    List<String> transports,
    Instant created,
    Optional<Instant> lastUse) {
  public Passkey {
    credential = credential.clone();
    transports = List.copyOf(transports);
  }

  @Override
  public byte[] credential() {
    return credential.clone();
  }
}
