package io.solebox.server.accounts.passkeys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ceremonies with a device that is honest, and with devices and browsers that are not. */
class CeremoniesTest {
  private static final String CHALLENGE = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI";
  private static final String OTHER = "OTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI";
  private static final String ORIGIN = "https://box.lan:8443";

  private final Ceremonies ceremonies = new Ceremonies();
  private final RelyingParty party = RelyingParty.called("box.lan:8443", true);
  private final SoftAuthenticator device = new SoftAuthenticator("box.lan", ORIGIN);

  private static String json(Map<String, Object> body) {
    return new String(new JsonWriter().bytes(body), StandardCharsets.UTF_8);
  }

  private Ceremonies.Made made() {
    var options = ceremonies.creation(party, CHALLENGE, "account-1", "ada", List.of());
    Ceremonies.Registration answer = ceremonies.registration(json(device.create(options)));
    assertEquals(CHALLENGE, answer.challenge());
    return answer.verified(party, CHALLENGE);
  }

  private Passkey passkey() {
    Ceremonies.Made made = made();
    return new Passkey(
        made.id(),
        "account-1",
        "phone",
        party.id(),
        made.credential(),
        made.counter(),
        made.backupEligible(),
        made.transports(),
        Instant.EPOCH,
        Optional.empty());
  }

  private Ceremonies.Assertion assertion(String challenge) {
    return ceremonies.assertion(json(device.get(ceremonies.request(party, challenge))));
  }

  private static void refused(String code, org.junit.jupiter.api.function.Executable act) {
    Problem problem = assertThrows(Problem.class, act);
    assertEquals(400, problem.status());
    assertEquals(code, problem.code(), problem.getMessage());
  }

  @Test
  void aPasskeyIsMadeAndSignsInAgainAndAgain() {
    Passkey passkey = passkey();
    assertEquals(List.of("internal"), passkey.transports());
    device.counter = 2;
    Ceremonies.Assertion answer = assertion(CHALLENGE);
    assertEquals(passkey.id(), answer.passkey());
    assertEquals(Optional.of("account-1"), answer.account());
    assertEquals(2, answer.verified(party, CHALLENGE, passkey));
  }

  @Test
  void aCounterThatDoesNotGrowIsACopysAndNoCounterIsNone() {
    Passkey passkey = passkey();
    refused("passkey_copied", () -> assertion(CHALLENGE).verified(party, CHALLENGE, passkey));
    device.counter = 0;
    Passkey silent = passkey();
    assertEquals(0, assertion(CHALLENGE).verified(party, CHALLENGE, silent));
  }

  @Test
  void whoIsNotVerifiedByTheDeviceHasOneFactorAndNotTwo() {
    Passkey passkey = passkey();
    device.counter = 2;
    device.flags = AuthenticatorData.BIT_UP;
    refused("passkey_unverified", () -> assertion(CHALLENGE).verified(party, CHALLENGE, passkey));
    refused("passkey_unverified", this::made);
  }

  @Test
  void answersToSomethingElseAreRefused() {
    Passkey passkey = passkey();
    device.counter = 2;
    refused("passkey_refused", () -> assertion(OTHER).verified(party, CHALLENGE, passkey));
    device.getType = "webauthn.create";
    refused("passkey_refused", () -> assertion(CHALLENGE).verified(party, CHALLENGE, passkey));
    device.createType = "webauthn.get";
    refused("passkey_refused", this::made);
  }

  @Test
  void otherNamesAndOriginsAreRefused() {
    Passkey passkey = passkey();
    device.counter = 2;
    RelyingParty elsewhere = RelyingParty.called("box.lan", true); // another port
    refused("passkey_refused", () -> assertion(CHALLENGE).verified(elsewhere, CHALLENGE, passkey));
    device.rpId = "evil.lan";
    refused("passkey_refused", () -> assertion(CHALLENGE).verified(party, CHALLENGE, passkey));
    refused("passkey_refused", this::made);
  }

  @Test
  void anotherDevicesSignatureIsRefused() {
    Passkey passkey = passkey();
    SoftAuthenticator thief = new SoftAuthenticator("box.lan", ORIGIN);
    var options = ceremonies.creation(party, CHALLENGE, "account-2", "eve", List.of());
    thief.create(options);
    thief.counter = 9;
    Map<String, Object> answer = new HashMap<>(thief.get(ceremonies.request(party, CHALLENGE)));
    answer.put("id", passkey.id());
    answer.put("rawId", passkey.id());
    refused(
        "passkey_refused",
        () -> ceremonies.assertion(json(answer)).verified(party, CHALLENGE, passkey));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{}}",
        "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"clientExtensionResults\":{},"
            + "\"response\":{\"clientDataJSON\":\"e30\",\"attestationObject\":\"oA\","
            + "\"authenticatorData\":\"AA\",\"signature\":\"AA\"}}",
        "{\"id\":7,\"response\":null}",
        "{\"response\":{\"clientDataJSON\":\"!!\",\"attestationObject\":\"!!\"}}"
      })
  void whatNoAuthenticatorSaysIsABadRequest(String json) {
    assertEquals(
        "invalid_passkey", assertThrows(Problem.class, () -> ceremonies.registration(json)).code());
    assertEquals(
        "invalid_passkey", assertThrows(Problem.class, () -> ceremonies.assertion(json)).code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.168.1.4:8080", "[::1]:8080", "127.0.0.1", ""})
  void addressesAreNoNames(String host) {
    refused("passkeys_need_a_name", () -> RelyingParty.called(host, true));
  }

  @Test
  void plainHttpIsForThisMachineAlone() {
    refused("passkeys_need_https", () -> RelyingParty.called("box.lan", false));
    assertEquals(
        new RelyingParty("localhost", "http://localhost:8080"),
        RelyingParty.called("LocalHost:8080", false));
    assertEquals(
        new RelyingParty("box.lan", "https://box.lan"), RelyingParty.called("box.lan", true));
  }

  @Test
  void optionsAskForAPersonAndForADiscoverableKey() {
    var options = ceremonies.creation(party, CHALLENGE, "account-1", "ada", List.of("AQID"));
    var selection = (Map<?, ?>) options.get("authenticatorSelection");
    assertEquals("required", selection.get("userVerification"));
    assertEquals("required", selection.get("residentKey"));
    assertTrue(options.get("excludeCredentials").toString().contains("AQID"));
    assertEquals("required", ceremonies.request(party, CHALLENGE).get("userVerification"));
  }
}
