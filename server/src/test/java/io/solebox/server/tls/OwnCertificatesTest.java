package io.solebox.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The box's own authority, and what it gives the server as time and names change. */
class OwnCertificatesTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();
  private List<String> names = List.of("localhost", "127.0.0.1", "192.168.7.7", "box.lan");

  private OwnCertificates own() {
    return new OwnCertificates(folder.resolve("tls"), () -> BoxNames.of(names), notes::add);
  }

  private static Duration life(Identity identity) {
    return Duration.between(
        identity.leaf().getNotBefore().toInstant(), identity.leaf().getNotAfter().toInstant());
  }

  @Test
  void isMadeOnceAndKept() throws Exception {
    Identity first = own().first(NOW);
    IdentityCheck.check(first, folder, NOW);
    assertTrue(life(first).compareTo(Duration.ofDays(397)) <= 0);
    assertEquals(BoxNames.of(names), BoxNames.in(first.leaf()));
    assertEquals(first, own().first(NOW.plus(Duration.ofDays(300))));
    for (String file : List.of("ca.key", "server.pem")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(folder.resolve("tls").resolve(file))));
    }
    assertFalse(Files.readString(folder.resolve("tls/ca.pem")).contains("PRIVATE"));
    assertEquals(List.of(), notes);
  }

  @Test
  void isRenewedAMonthBeforeItsEndByTheSameAuthority() {
    OwnCertificates own = own();
    Identity first = own.first(NOW);
    assertTrue(own.next(first, NOW.plus(Duration.ofDays(365))).isEmpty());
    Instant late = NOW.plus(Duration.ofDays(368));
    Identity next = own.next(first, late).orElseThrow();
    assertEquals(first.chain().getLast(), next.chain().getLast());
    assertNotEquals(first.key(), next.key());
    assertTrue(own.next(next, late).isEmpty());
    assertEquals(next, own().first(late));
  }

  @Test
  void isMadeAgainForOtherNames() {
    OwnCertificates own = own();
    Identity first = own.first(NOW);
    names = List.of("localhost", "127.0.0.1", "192.168.9.9");
    Identity next = own.next(first, NOW).orElseThrow();
    assertEquals(BoxNames.of(names), BoxNames.in(next.leaf()));
    assertTrue(own.next(next, NOW).isEmpty());
  }

  @Test
  void speaksForNobodyElse() {
    OwnCertificates own = own();
    Identity first = own.first(NOW);
    names = List.of("127.0.0.1", "bank.example", "8.8.8.8", "printer.lan", "x.local", "fd00::7");
    Identity next = own.next(first, NOW).orElseThrow();
    assertEquals(
        BoxNames.of(List.of("127.0.0.1", "printer.lan", "x.local", "fd00::7")),
        BoxNames.in(next.leaf()));
    assertTrue(notes.toString().contains("bank.example, 8.8.8.8"), notes::toString);
    own.replaceAuthority(NOW);
    assertEquals(BoxNames.of(names), BoxNames.in(own().first(NOW).leaf()));
  }

  @Test
  void takesUpWhatAnotherProcessRenews() {
    OwnCertificates own = own();
    Identity first = own.first(NOW);
    Identity renewed = own().renew(NOW);
    assertEquals(renewed, own.next(first, NOW).orElseThrow());
    assertTrue(own.next(renewed, NOW).isEmpty());
    Identity other = own().replaceAuthority(NOW);
    assertEquals(other, own.next(renewed, NOW).orElseThrow());
    assertNotEquals(renewed.chain().getLast(), other.chain().getLast());
  }

  @Test
  void whatIsDamagedIsMadeAgainButNotTheAuthority() throws Exception {
    Identity first = own().first(NOW);
    Files.writeString(folder.resolve("tls/server.pem"), "nonsense");
    Identity next = own().first(NOW);
    assertEquals(first.chain().getLast(), next.chain().getLast());
    Files.writeString(folder.resolve("tls/ca.key"), "nonsense");
    SoleboxException error = assertThrows(SoleboxException.class, () -> own().first(NOW));
    assertFalse(error.remedy().isEmpty());
  }

  @Test
  void anAuthorityAtItsEndGivesWayAndSaysSo() {
    OwnCertificates own = own();
    Identity first = own.first(NOW);
    Instant late = NOW.plus(Duration.ofDays(3640));
    Identity next = own.first(late);
    assertNotEquals(first.chain().getLast(), next.chain().getLast());
    assertTrue(notes.toString().contains("trust a new one"), notes::toString);
    // Before that, no certificate outlives its authority.
    Instant before = NOW.plus(Duration.ofDays(3500));
    Path other = folder.resolve("other");
    var old = new OwnCertificates(other, () -> BoxNames.of(names), notes::add);
    Identity root = old.first(NOW);
    Identity last = old.next(root, before).orElseThrow();
    assertFalse(last.leaf().getNotAfter().after(root.chain().getLast().getNotAfter()));
  }
}
