package io.solebox.scout.source.ebay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.fake.FakeEbay.Call;
import io.solebox.scout.fake.FakeNotices;
import io.solebox.scout.fake.Fault;
import io.solebox.scout.watch.Watch;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeletionNoticesTest {
  private static final URI ENDPOINT = URI.create("https://scout.example.org/ebay/notices");
  private static final String TOKEN = "abcdefghijklmnopqrstuvwxyz_0123456789";

  @TempDir Path folder;
  private final List<String> forgotten = new CopyOnWriteArrayList<>();
  private EbayBench bench;
  private DeletionNotices notices;

  @BeforeEach
  void open() {
    bench = new EbayBench(folder);
    notices = notices(forgotten::add);
  }

  @AfterEach
  void close() {
    notices.close();
    bench.close();
  }

  private DeletionNotices notices(Forgetter forgetter) {
    return new DeletionNotices(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        ENDPOINT,
        TOKEN,
        bench.source.noticeKeys(),
        bench.sellers,
        forgetter);
  }

  private URI at(String path) {
    return URI.create("http://localhost:" + notices.address().getPort() + path);
  }

  private int post(byte[] body, String signature) throws Exception {
    Ask ask =
        Ask.post(at("/ebay/notices"), new Ask.Body("application/json", body))
            .with("X-EBAY-SIGNATURE", signature);
    return bench.outbound.once(ask, 1000).head().status();
  }

  @Test
  void theChallengeIsAnsweredWithTheHashOfCodeTokenAndEndpoint() throws Exception {
    Outbound.Reply reply =
        bench.outbound.once(Ask.get(at("/ebay/notices?challenge_code=a%2Bb")), 1000);
    byte[] whole = ("a+b" + TOKEN + ENDPOINT).getBytes(StandardCharsets.UTF_8);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(whole));
    assertEquals(
        "{\"challengeResponse\":\"" + hash + "\"}",
        new String(reply.body(), StandardCharsets.UTF_8));
    assertEquals("application/json", reply.head().first("content-type").orElseThrow());
    assertEquals(400, bench.outbound.once(Ask.get(at("/ebay/notices")), 1000).head().status());
    assertEquals(404, bench.outbound.once(Ask.get(at("/")), 1000).head().status());
  }

  @Test
  void whoseAccountWasDeletedIsForgottenByNameAndById() throws Exception {
    byte[] body = bench.ebay.notices().deletion("Some.Seller", "ma8vp1jySJC");
    assertEquals(204, post(body, bench.ebay.notices().signature(body)));
    assertEquals(
        List.of(bench.sellers.of("some.seller"), bench.sellers.of("ma8vp1jySJC")), forgotten);
    post(body, bench.ebay.notices().signature(body));
    assertEquals(1, bench.ebay.count(Call.PUBLIC_KEY)); // kept
  }

  @Test
  void spacesBetweenItsMembersDoNotMatter() throws Exception {
    byte[] body = bench.ebay.notices().deletion("one", "two");
    String signature = bench.ebay.notices().signature(body);
    String spaced = new String(body, StandardCharsets.UTF_8).replace("\",\"", "\",\n  \"");
    assertEquals(204, post(spaced.getBytes(StandardCharsets.UTF_8), signature));
    assertEquals(2, forgotten.size());
  }

  @Test
  void whatEbayHasNotSignedIsNotObeyed() throws Exception {
    byte[] body = bench.ebay.notices().deletion("one", "two");
    byte[] other = bench.ebay.notices().deletion("three", "four");
    FakeNotices signer = bench.ebay.notices();
    assertEquals(412, post(other, signer.signature(body)));
    assertEquals(412, post(body, "nonsense"));
    assertEquals(412, post(body, signer.header("unknown-key", body)));
    assertEquals(412, post(body, signer.header("../../oauth", body)));
    assertEquals(412, post("[]".getBytes(StandardCharsets.UTF_8), signer.signature(body)));
    assertEquals(413, post(new byte[100_000], signer.signature(body)));
    assertTrue(forgotten.isEmpty());
  }

  @Test
  void whatCannotBeCheckedOrDoneNowIsToldAgain() throws Exception {
    byte[] body = bench.ebay.notices().deletion("one", "two");
    bench.ebay.next(Call.PUBLIC_KEY, new Fault.Status(500));
    assertEquals(503, post(body, bench.ebay.notices().signature(body)));
    assertEquals(204, post(body, bench.ebay.notices().signature(body)));
    notices.close();
    notices =
        notices(
            _ -> {
              throw new SoleboxException(ErrorCode.IO_ERROR, "x", "The disk is full.", "Free it.");
            });
    assertEquals(500, post(body, bench.ebay.notices().signature(body)));
  }

  @Test
  void strangersCannotMakeUsAskForManyKeys() throws Exception {
    byte[] body = bench.ebay.notices().deletion("one", "two");
    for (int i = 0; i < 30; i++) {
      post(body, bench.ebay.notices().header("key-" + i, body));
    }
    assertEquals(12, bench.ebay.count(Call.PUBLIC_KEY));
  }

  @Test
  void aTokenThatEbayWouldNotTakeIsRefused() {
    var listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    assertThrows(
        SoleboxException.class,
        () ->
            new DeletionNotices(
                listen, ENDPOINT, "short", bench.source.noticeKeys(), bench.sellers, _ -> {}));
  }

  @Test
  void whatStandsForASellerIsTheSameHereAndDifferentElsewhere() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    assertEquals(bench.sellers.of("Name"), SellerKeys.in(folder).of("name"));
    assertNotEquals(bench.sellers.of("name"), SellerKeys.in(elsewhere).of("name"));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve(SellerKeys.FILE))));
    String key = bench.sellers.of("name");
    Watch watch = bench.sellers.with(EbayBench.watch("V100").blocking(Set.of("name")));
    assertEquals(Set.of("name", key), watch.blockedSellers());
    assertEquals(watch, bench.sellers.with(watch));
    Files.write(folder.resolve(SellerKeys.FILE), new byte[3]);
    assertThrows(SoleboxException.class, () -> SellerKeys.in(folder));
  }
}
