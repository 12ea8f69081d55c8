package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.TextBox;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class LinkChecksTest {
  private static void check(Check check, TextBox box, Verdict verdict, String... words) {
    Diagnosis.of(check, box).is(verdict, words);
  }

  private static TextBox log(String text) {
    return new TextBox().with("dmesg.txt", text);
  }

  /** A V100 behind a port, as lspci and nvidia-smi show it. */
  private static TextBox v100(String slot, String now, int load) {
    return new TextBox()
        .with(
            "lspci-vvv.txt",
            """
            00:02.0 PCI bridge: Intel Corporation Xeon E7 v4 PCI Express Root Port 2 (rev 01)
            \tBus: primary=00, secondary=01, subordinate=01, sec-latency=0
            \t\tLnkCap:\tPort #0, %s, ASPM L1
            01:00.0 3D controller: NVIDIA Corporation GV100GL [Tesla V100 SXM2 32GB] (rev a1)
            \t\tLnkCap:\tPort #0, Speed 8GT/s, Width x16, ASPM not supported
            \t\tLnkSta:\t%s
            """
                .formatted(slot, now))
        .with(
            "nvidia-smi-q.txt",
            """
            GPU 00000000:01:00.0
                Product Name                          : Tesla V100-SXM2-32GB
                Utilization
                    Gpu                               : %d %%
            """
                .formatted(load));
  }

  private static final String X16 = "Speed 8GT/s, Width x16";

  @Test
  void width() {
    Check check = new LinkWidth();
    check(check, v100(X16, "Speed 8GT/s, Width x8 (downgraded)", 0), Verdict.WARN, "8 of 16");
    check(check, v100(X16, "Speed 8GT/s, Width x1 (downgraded)", 98), Verdict.FAIL, "1 of 16");
    check(check, v100("Speed 8GT/s, Width x8", "Speed 8GT/s, Width x8", 98), Verdict.OK, "8 of 8");
    check(check, new TextBox().unreadable("dmesg.txt", "root is needed"), Verdict.NOT_READ);
  }

  @Test
  void width_asTheKernelFoundIt() {
    String gpu = "pci 0000:01:00.0: [10de:1db5] type 00 class 0x030200\n";
    String limited =
        "pci 0000:01:00.0: 31.504 Gb/s available PCIe bandwidth, limited by 8.0 GT/s PCIe x4 link"
            + " at 0000:00:02.0 (capable of 126.016 Gb/s with 8.0 GT/s PCIe x16 link)\n";
    check(new LinkWidth(), log(gpu + limited), Verdict.WARN, "0000:00:02.0", "x4");
    TextBox pi =
        log(gpu + limited.replace("x4", "x1"))
            .with("proc/device-tree/compatible", "brcm,bcm2712\0");
    check(new LinkWidth(), pi, Verdict.INFO, "no more lanes");
    String nic = gpu.replace("10de:1db5", "8086:1563").replace("0x0302", "0x0200");
    check(new LinkWidth(), log(nic + limited), Verdict.NOT_READ);
  }

  @Test
  void speed() {
    Check check = new LinkSpeed();
    check(check, v100(X16, "Speed 2.5GT/s (downgraded), Width x16", 97), Verdict.FAIL, "2.5 GT/s");
    check(check, v100(X16, "Speed 5GT/s (downgraded), Width x16", 97), Verdict.WARN, "5.0 GT/s");
    check(check, v100(X16, "Speed 2.5GT/s (downgraded), Width x16", 0), Verdict.OK, "no work");
    check(
        check,
        v100("Speed 5GT/s, Width x16", "Speed 5GT/s (downgraded), Width x16", 97),
        Verdict.OK);
    check(check, new TextBox(), Verdict.NOT_READ);
  }

  /** The driver says what the host can, which is less than the card. */
  @Test
  void speed_ofANewCardInAnOldSlot() {
    String smi =
        """
        GPU 00000000:41:00.0
            Product Name                          : NVIDIA A100 80GB PCIe
            PCI
                GPU Link Info
                    PCIe Generation
                        Max                       : 3
                        Current                   : %d
                        Device Current            : %d
                        Device Max                : 4
                        Host Max                  : 3
                    Link Width
                        Max                       : 16x
                        Current                   : 16x
            Utilization
                Gpu                               : 95 %%
        """;
    TextBox well = new TextBox().with("nvidia-smi-q.txt", smi.formatted(3, 3));
    check(new LinkSpeed(), well, Verdict.OK, "the slot 8.0 GT/s");
    TextBox slow = new TextBox().with("nvidia-smi-q.txt", smi.formatted(1, 1));
    check(new LinkSpeed(), slow, Verdict.FAIL, "2.5 GT/s");
  }

  private static final String GPU = "sys/bus/pci/devices/0000:01:00.0/";

  private static TextBox counted(String correctable, String fatal) {
    return new TextBox()
        .with(GPU + "vendor", "0x10de")
        .with(GPU + "device", "0x1db5")
        .with(GPU + "class", "0x030200")
        .with(GPU + "aer_dev_correctable", correctable)
        .with(GPU + "aer_dev_fatal", fatal);
  }

  @Test
  void errors() {
    String none = "RxErr 0\nBadTLP 0\nTOTAL_ERR_COR 0\n";
    String well = "Undefined 0\nSDES 0\nTOTAL_ERR_FATAL 0\n";
    check(new Aer(), counted(none, well), Verdict.OK);
    check(
        new Aer(),
        counted("RxErr 17\nBadTLP 3\nTOTAL_ERR_COR 20\n", well),
        Verdict.WARN,
        "20 corrected errors: RxErr, BadTLP");
    check(
        new Aer(),
        counted(none, "SDES 1\nTOTAL_ERR_FATAL 1\n"),
        Verdict.FAIL,
        "1 fatal error: SDES");
    check(new Aer(), new TextBox().unreadable("dmesg.txt", "root is needed"), Verdict.NOT_READ);
  }

  @Test
  void errors_thatDoNotRise() {
    TextBox box = counted("RxErr 20\nTOTAL_ERR_COR 20\n", "TOTAL_ERR_FATAL 0\n");
    String look = "{\"seconds_before\":%d,\"devices\":{\"0000:01:00.0\":{\"aer_correctable\":%d}}}";
    box.with("state-previous.json", look.formatted(7200, 20));
    check(new Aer(), box, Verdict.INFO, "None of them is since the look 2 h before");
    box.with("state-previous.json", look.formatted(7200, 12));
    check(new Aer(), box, Verdict.WARN, "8 of them since the look 2 h before");
    box.with("state-previous.json", look.formatted(7200, 400)); // counted anew since a restart
    check(new Aer(), box, Verdict.WARN, "20 of them");
    box.with("state-previous.json", look.formatted(5, 20));
    check(new Aer(), box, Verdict.WARN, "20 corrected errors");
  }

  @Test
  void errors_thatRegistersHold() {
    ByteBuffer config = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    config.putInt(0x100, 0x0001_0001).putInt(0x10c, 0x00462030);
    TextBox box = counted("TOTAL_ERR_COR 0\n", "TOTAL_ERR_FATAL 0\n");
    check(new Aer(), box.with(GPU + "config", config.putInt(0x104, 1 << 20).array()), Verdict.OK);
    config.putInt(0x110, 0x1000);
    check(new Aer(), box.with(GPU + "config", config.array()), Verdict.INFO, "Replay Timer");
    config.putInt(0x104, 0x20);
    check(new Aer(), box.with(GPU + "config", config.array()), Verdict.WARN, "Surprise Down");
    config.putShort(0x06, (short) 0x10).put(0x34, (byte) 0x40).putShort(0x40, (short) 0x10);
    check(new Aer(), box.with(GPU + "config", config.array()), Verdict.INFO, "Replay Timer");
    config.putShort(0x4a, (short) 0x04);
    check(new Aer(), box.with(GPU + "config", config.array()), Verdict.WARN, "Surprise Down");
    check(new Aer(), box.with(GPU + "config", new byte[64]), Verdict.OK);
  }

  @Test
  void errors_thatRepeatPackets() {
    String smi =
        "GPU 00000000:01:00.0\n    Product Name : X\n    PCI\n        Replays Since Reset : 9\n";
    TextBox box = new TextBox().with("nvidia-smi-q.txt", smi);
    String look = "{\"seconds_before\":60,\"devices\":{\"0000:01:00.0\":{\"replays\":%d}}}";
    check(new Aer(), box.with("state-previous.json", look.formatted(4)), Verdict.WARN, "5 packets");
    check(new Aer(), box.with("state-previous.json", look.formatted(9)), Verdict.NOT_READ);
  }

  /** Since 6.10 "Correctable", and names that are short. */
  @Test
  void errors_inTheNewWording() {
    String log =
        """
        [10.0] pcieport 0000:00:02.0: AER: Correctable error message received from 0000:01:00.0
        [10.1] nvidia 0000:01:00.0: PCIe Bus Error: severity=Correctable, type=Physical Layer, (Receiver ID)
        [10.2] nvidia 0000:01:00.0:   device [10de:1db5] error status/mask=00000001/0000a000
        [10.3] nvidia 0000:01:00.0:    [ 0] RxErr                  (First)
        """;
    check(new Aer(), log(log), Verdict.WARN, "0000:01:00.0", "1 corrected error: RxErr");
  }

  @Test
  void errors_ofWhatLeadsToNoGpu() {
    String log =
        """
        pci 0000:01:00.0: [10de:1db5] type 00 class 0x030200
        pci 0000:02:00.0: [144d:a80a] type 00 class 0x010802
        nvme 0000:02:00.0: PCIe Bus Error: severity=Correctable, type=Physical Layer, (Receiver ID)
        """;
    check(new Aer(), log(log), Verdict.INFO, "0000:02:00.0");
  }

  @Test
  void nodes() {
    String other = "sys/bus/pci/devices/0000:81:00.0/";
    TextBox one = counted("", "").with(GPU + "numa_node", "0\n");
    check(new NumaNodes(), one, Verdict.OK, "node 0: 0000:01:00.0");
    one.with(other + "vendor", "0x10de")
        .with(other + "device", "0x1db5")
        .with(other + "class", "0x030200")
        .with(other + "numa_node", "1\n");
    check(new NumaNodes(), one, Verdict.INFO, "node 1: 0000:81:00.0");
    check(new NumaNodes(), counted("", ""), Verdict.NOT_READ);
  }

  private static TextBox pair(String measured) {
    String gpu =
        "%s:00.0 3D controller: NVIDIA Corporation GV100GL [Tesla V100 PCIe 16GB] (rev a1)\n";
    String link = "\t\tLnkCap:\tPort #0, %s\n\t\tLnkSta:\t%s\n".formatted(X16, X16);
    return new TextBox()
        .with(
            "lspci-vvv.txt",
            "00:02.0 PCI bridge: Intel Corporation Root Port 2 (rev 01)\n"
                + "\tBus: primary=00, secondary=01, subordinate=04, sec-latency=0\n"
                + gpu.formatted("03")
                + link
                + gpu.formatted("04")
                + link)
        .with(
            "nvbandwidth.txt",
            """
            Running device_to_device_memcpy_read_ce.
            memcpy CE GPU(row) <- GPU(column) bandwidth (GB/s)
                       0         1
             0       N/A     %s
             1     11.90       N/A

            SUM device_to_device_memcpy_read_ce 23.90
            Running host_to_device_memcpy_ce.
                       0         1
             0      1.20      1.10
            """
                .formatted(measured));
  }

  @Test
  void peers() {
    check(new PeerPath(), pair("6.50"), Verdict.WARN, "6.5 GB/s", "41 %", "one switch");
    check(new PeerPath(), pair("11.95"), Verdict.OK, "11.9 GB/s");
    check(new PeerPath(), v100(X16, X16, 0), Verdict.NOT_APPLICABLE);
    check(new PeerPath(), new TextBox(), Verdict.NOT_READ);
  }
}
