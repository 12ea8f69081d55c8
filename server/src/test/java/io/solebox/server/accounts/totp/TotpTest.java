package io.solebox.server.accounts.totp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  /** Of RFC 6238, appendix B. */
  private final Totp totp = new Totp("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

  /** The last six digits of appendix B's eight. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void codesAreThoseOfTheStandard(long seconds, String code) {
    assertEquals(code, totp.code(Totp.step(Instant.ofEpochSecond(seconds))));
  }

  @Test
  void neighboursOfAStepAreTakenAndNoOthers() {
    Instant now = Instant.ofEpochSecond(1_700_000_000L);
    long step = Totp.step(now);
    for (long away = -4; away <= 4; away++) {
      OptionalLong taken = totp.accept(totp.code(step + away), now, OptionalLong.empty());
      assertEquals(
          Math.abs(away) <= 1 ? OptionalLong.of(step + away) : OptionalLong.empty(), taken);
    }
  }

  @Test
  void aCodeIsTakenOnceAndNoneBeforeIt() {
    Instant now = Instant.ofEpochSecond(1_700_000_000L);
    long step = Totp.step(now);
    OptionalLong used = totp.accept(totp.code(step), now, OptionalLong.empty());
    assertEquals(OptionalLong.of(step), used);
    assertEquals(OptionalLong.empty(), totp.accept(totp.code(step), now, used));
    assertEquals(OptionalLong.empty(), totp.accept(totp.code(step - 1), now, used));
    assertEquals(OptionalLong.of(step + 1), totp.accept(totp.code(step + 1), now, used));
  }

  @Test
  void whatIsNoCodeIsNoError() {
    Instant now = Instant.ofEpochSecond(59);
    for (String bad : List.of("", "28708", "2870820", "28708x", "\u0662\u0668\u0667\u0660", "é")) {
      assertEquals(OptionalLong.empty(), totp.accept(bad, now, OptionalLong.empty()), bad);
    }
    assertEquals(OptionalLong.of(1), totp.accept("287 082", now, OptionalLong.empty()));
  }

  @Test
  void secretsAreNewAndNobodyPrintsThem() {
    SecureRandom random = new SecureRandom();
    assertNotEquals(Totp.random(random), Totp.random(random));
    assertEquals(Totp.SECRET_BYTES, Totp.random(random).secret().length);
    assertEquals("Totp", totp.toString());
  }

  /** The vectors of RFC 4648, section 10. */
  @ParameterizedTest
  @CsvSource({
    "f, MY",
    "fo, MZXQ",
    "foo, MZXW6",
    "foob, MZXW6YQ",
    "fooba, MZXW6YTB",
    "foobar, MZXW6YTBOI"
  })
  void bytesAreWrittenInBase32(String bytes, String text) {
    assertEquals(text, Base32.encode(bytes.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void enrolmentIsAUriThatAppsReadAndAPicture() {
    Enrolment enrolment = Enrolment.of(totp, "box of Zoë", "a:b@c");
    assertEquals("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", enrolment.secret());
    assertEquals(
        "otpauth://totp/box%20of%20Zo%C3%AB:a%3Ab%40c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            + "&issuer=box%20of%20Zo%C3%AB&algorithm=SHA1&digits=6&period=30",
        enrolment.uri());
    String svg = enrolment.picture().svg();
    assertTrue(svg.startsWith("<svg xmlns="), svg);
    // The corner of the upper left finder pattern, right behind the quiet zone.
    assertTrue(svg.contains("M4,4h1v1h-1z") && !svg.contains("M3,"), svg);
  }

  @Test
  void recoveryCodesAreTenAndKnownHoweverTheyAreTyped() {
    List<RecoveryCode> codes = RecoveryCode.fresh(new SecureRandom());
    assertEquals(RecoveryCode.COUNT, codes.size());
    Set<String> digests = new HashSet<>();
    for (RecoveryCode code : codes) {
      assertTrue(code.text().matches("([A-Z2-7]{4}-){5}[A-Z2-7]{4}"), code.text());
      assertTrue(5 * code.text().replace("-", "").length() >= 112, "bits of a code");
      assertTrue(digests.add(code.digest()));
      String typed = " " + code.text().toLowerCase(java.util.Locale.ROOT).replace("-", " ");
      assertEquals(code.digest(), new RecoveryCode(typed).digest());
    }
  }
}
