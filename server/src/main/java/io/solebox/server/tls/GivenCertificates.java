package io.solebox.server.tls;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A certificate from files that somebody else keeps up to date. */
final class GivenCertificates implements CertificateSource {
  private final TlsConfig.Certificate given;
  private final List<Path> files;
  private final Supplier<BoxNames> names;
  private final Consumer<String> notes;
  private FileStamp lastStamp;

  /**
   * @param given not the box's own
   * @param names of the box, for which the certificate should be
   */
  GivenCertificates(TlsConfig.Certificate given, Supplier<BoxNames> names, Consumer<String> notes) {
    this.given = given;
    this.files =
        switch (given) {
          case TlsConfig.Certificate.PemFiles pem -> {
            List<Path> all = new ArrayList<>(List.of(pem.chain(), pem.key()));
            pem.passFile().ifPresent(all::add);
            yield List.copyOf(all);
          }
          case TlsConfig.Certificate.Pkcs12 one -> List.of(one.file(), one.passFile());
          case TlsConfig.Certificate.Own own -> throw new IllegalArgumentException(own.toString());
        };
    this.names = names;
    this.notes = notes;
    lastStamp = FileStamp.of(files);
  }

  @Override
  public Identity first(Instant now) {
    lastStamp = FileStamp.of(files); // before they are read: what changes meanwhile is seen later
    return read(now);
  }

  @Override
  public Optional<Identity> next(Identity current, Instant now) {
    FileStamp stamp = FileStamp.of(files);
    if (stamp.equals(lastStamp)) {
      return Optional.empty();
    }
    lastStamp = stamp;
    return Optional.of(read(now)).filter(read -> !read.equals(current));
  }

  private Identity read(Instant now) {
    Identity identity =
        switch (given) {
          case TlsConfig.Certificate.PemFiles pem -> {
            OwnerFiles.refuseOpen(pem.key());
            Optional<char[]> pass = pem.passFile().map(GivenCertificates::pass);
            yield new Identity(Pem.key(pem.key(), pass), Pem.certificates(pem.chain()));
          }
          case TlsConfig.Certificate.Pkcs12 one ->
              Pkcs12File.read(one.file(), pass(one.passFile()));
          case TlsConfig.Certificate.Own own -> throw new IllegalStateException(own.toString());
        };
    IdentityCheck.check(identity, files.getFirst(), now);
    warnOfNames(identity);
    return identity;
  }

  private void warnOfNames(Identity identity) {
    BoxNames good = BoxNames.in(identity.leaf());
    BoxNames box = names.get();
    if (good.isEmpty()) {
      notes.accept(
          "The certificate in %s names nobody in its subjectAltName; most clients refuse that."
              .formatted(files.getFirst()));
    } else if (!good.meets(box)) {
      notes.accept(
          "The certificate in %s is for %s, and this machine is called %s."
              .formatted(files.getFirst(), good, box));
    }
  }

  /** The first line of a file. */
  private static char[] pass(Path file) {
    OwnerFiles.refuseOpen(file);
    String text = new String(OwnerFiles.read(file), StandardCharsets.UTF_8);
    return text.lines()
        .findFirst()
        .filter(line -> !line.isEmpty())
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    file.toString(),
                    "The file of the pass phrase is empty.",
                    "Write the pass phrase into its first line."))
        .toCharArray();
  }
}
