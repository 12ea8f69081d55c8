package io.solebox.server.tls;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The box's own authority and the certificate that it gave the server, in a folder. {@code ca.key}
 * holds the authority whole, its key and its certificate, so that the two cannot come apart; {@code
 * ca.pem} is what everybody may have; {@code server.pem} is the server's key and chain.
 */
final class OwnCertificates implements CertificateSource {
  /** So long before its end a certificate gives way to the next. */
  static final Duration SPARE = Duration.ofDays(30);

  /** The server's key and chain. */
  static final String SERVER = "server.pem";

  /** The authority's certificate. */
  static final String PUBLIC = "ca.pem";

  private final Path authorityFile;
  private final Path publicFile;
  private final Path serverFile;
  private final Supplier<BoxNames> names;
  private final Consumer<String> notes;
  private BoxNames lastNames;
  private FileStamp lastStamp;

  /**
   * @param names of the box, as they are when it is asked
   * @param notes takes lines for whoever runs the server
   */
  OwnCertificates(Path folder, Supplier<BoxNames> names, Consumer<String> notes) {
    authorityFile = folder.resolve("ca.key");
    publicFile = folder.resolve(PUBLIC);
    serverFile = folder.resolve(SERVER);
    this.names = names;
    this.notes = notes;
    lastNames = BoxNames.of(List.of());
    lastStamp = FileStamp.of(List.of(serverFile));
  }

  @Override
  public Identity first(Instant now) {
    BoxNames box = names.get();
    Authority authority = authority(box, now);
    Identity identity =
        kept(authority, now)
            .filter(known -> namesOf(known).equals(permitted(authority, box)))
            .orElseGet(() -> issue(authority, box, now));
    remember(box);
    return identity;
  }

  @Override
  public Optional<Identity> next(Identity current, Instant now) {
    BoxNames box = names.get();
    if (!box.equals(lastNames) || isDue(current, now)) {
      Authority authority = authority(box, now);
      boolean same =
          namesOf(current).equals(permitted(authority, box)) && authority.signed(current);
      remember(box);
      if (!same || isDue(current, now)) {
        notes.accept("The server has a new certificate, for other names or a longer time.");
        Identity next = issue(authority, box, now);
        remember(box);
        return Optional.of(next);
      }
      return Optional.empty();
    }
    if (lastStamp.equals(FileStamp.of(List.of(serverFile)))) {
      return Optional.empty();
    }
    remember(box);
    Authority authority = authority(box, now);
    // Another server of the same folder may have other names: its certificate is not for us.
    return kept(authority, now)
        .filter(known -> namesOf(known).covers(permitted(authority, box)))
        .filter(known -> !known.leaf().equals(current.leaf()));
  }

  private void remember(BoxNames box) {
    lastNames = box;
    lastStamp = FileStamp.of(List.of(serverFile));
  }

  /** Makes a new certificate, whatever there is. */
  Identity renew(Instant now) {
    BoxNames box = names.get();
    return issue(authority(box, now), box, now);
  }

  /** Makes a new authority and a certificate of it; who trusts the one before has to trust anew. */
  Identity replaceAuthority(Instant now) {
    BoxNames box = names.get();
    Authority made = Authority.make(box.andOfMachine(), now);
    OwnerFiles.write(authorityFile, text(made));
    publish(made);
    return issue(made, box, now);
  }

  Authority authority(Instant now) {
    return authority(names.get(), now);
  }

  private Authority authority(BoxNames box, Instant now) {
    if (!Files.exists(authorityFile)) {
      // Somebody else may be first; then theirs counts.
      OwnerFiles.writeFirst(authorityFile, text(Authority.make(box.andOfMachine(), now)));
    }
    Authority known = read();
    if (known.certificate().getNotAfter().toInstant().isBefore(now.plus(SPARE))) {
      notes.accept(
          "The authority of this box comes to its end; who trusts it has to trust a new one.");
      known = Authority.make(box.andOfMachine(), now);
      OwnerFiles.write(authorityFile, text(known));
    }
    publish(known);
    return known;
  }

  private Authority read() {
    OwnerFiles.refuseOpen(authorityFile);
    var key = Pem.key(authorityFile, Optional.empty());
    var certificate = Pem.certificates(authorityFile).getFirst();
    if (!Keys.fit(key, certificate.getPublicKey())) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          authorityFile.toString(),
          "The key in it is not that of the certificate in it.",
          "Put the file back from a copy, or run: solebox cert --new-ca");
    }
    return new Authority(key, certificate);
  }

  private void publish(Authority authority) {
    String text = Pem.of(authority.certificate());
    boolean there =
        Files.exists(publicFile)
            && Pem.certificates(publicFile).getFirst().equals(authority.certificate());
    if (!there) {
      OwnerFiles.write(publicFile, text);
    }
  }

  private static String text(Authority authority) {
    return Pem.of(authority.key()) + Pem.of(authority.certificate());
  }

  private Identity issue(Authority authority, BoxNames box, Instant now) {
    BoxNames outside = NameRules.outside(authority.certificate(), box);
    if (!outside.isEmpty()) {
      notes.accept(
          "The authority of this box was made before it was called "
              + outside
              + ", and may not speak for that: run 'solebox cert --new-ca', and trust the new"
              + " one.");
    }
    Identity identity = authority.issue(box.without(outside), now);
    StringBuilder text = new StringBuilder(Pem.of(identity.key()));
    identity.chain().forEach(each -> text.append(Pem.of(each)));
    OwnerFiles.write(serverFile, text.toString());
    return identity;
  }

  /** That in the file, where the authority has signed it and it is good for long enough. */
  private Optional<Identity> kept(Authority authority, Instant now) {
    if (!Files.exists(serverFile)) {
      return Optional.empty();
    }
    try {
      Identity known =
          new Identity(Pem.key(serverFile, Optional.empty()), Pem.certificates(serverFile));
      return Optional.of(known)
          .filter(each -> Keys.fit(each.key(), each.leaf().getPublicKey()))
          .filter(authority::signed)
          .filter(each -> !isDue(each, now));
    } catch (SoleboxException e) {
      notes.accept("The server's certificate is made again: " + e.describe());
      return Optional.empty();
    }
  }

  private static boolean isDue(Identity identity, Instant now) {
    Instant begin = identity.leaf().getNotBefore().toInstant();
    Instant end = identity.leaf().getNotAfter().toInstant();
    return now.isBefore(begin) || now.plus(SPARE).isAfter(end);
  }

  private static BoxNames permitted(Authority authority, BoxNames box) {
    return box.without(NameRules.outside(authority.certificate(), box));
  }

  private static BoxNames namesOf(Identity identity) {
    return BoxNames.in(identity.leaf());
  }
}
