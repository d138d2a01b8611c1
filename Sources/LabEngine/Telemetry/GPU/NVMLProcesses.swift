import CNVML

/// The processes on a device. Their PIDs are the host's. In a container that can't see the host's processes, the list is empty.
struct NVMLProcesses {
    private typealias List = @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<cnvml_process>?) -> Int32
    private typealias OldList =
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<cnvml_process_v1>?) -> Int32

    /// How often to retry with a larger buffer while processes are starting.
    private static let attempts = 4
    private static let firstRoom = 64
    /// The driver's timestamp of the newest sample that was read, in microseconds.
    private var newest: UInt64 = 0

    mutating func read(_ device: OpaquePointer, _ library: NVMLLibrary) -> [GPUProcess] {
        let table = library.table
        let compute = Self.list(device, table.compute_processes, older: table.compute_processes_v1)
        let graphics = Self.list(device, table.graphics_processes, older: table.graphics_processes_v1)
        var processes: [Int32: GPUProcess] = [:]
        for process in compute + graphics where processes[process.pid] == nil { processes[process.pid] = process }
        for (pid, busy) in utilization(device, table) { processes[pid]?.busy = busy }
        return processes.values.sorted { ($0.memory ?? 0, $1.pid) > ($1.memory ?? 0, $0.pid) }
    }

    private static func list(_ device: OpaquePointer, _ ask: List?, older: OldList?) -> [GPUProcess] {
        if let ask {
            return collect(cnvml_process()) { ask(device, $0, $1) }.map {
                // If all bits are set, the device isn't divided.
                let instance = $0.gpu_instance == .max ? nil : Int($0.gpu_instance)
                return GPUProcess(pid: Int32(bitPattern: $0.pid), memory: bytes($0.used_memory), gpuInstance: instance)
            }
        }
        guard let older else { return [] }
        return collect(cnvml_process_v1()) { older(device, $0, $1) }.map {
            GPUProcess(pid: Int32(bitPattern: $0.pid), memory: bytes($0.used_memory))
        }
    }

    private static func bytes(_ value: UInt64) -> Double? { value == .max ? nil : Double(value) }

    private static func collect<Row>(
        _ blank: Row, _ ask: (UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Row>?) -> Int32
    ) -> [Row] {
        var room = firstRoom
        for _ in 0..<attempts {
            var rows = [Row](repeating: blank, count: room)
            var count = UInt32(room)
            let code = ask(&count, &rows)
            if code == NVMLLibrary.success { return Array(rows.prefix(Int(count))) }
            guard code == Int32(CNVML_INSUFFICIENT_SIZE) else { return [] }
            room = max(room * 2, Int(count) + 16)
        }
        return []
    }

    /// The percentage of the multiprocessors' time by process, from the driver's samples since the previous call.
    private mutating func utilization(_ device: OpaquePointer, _ table: cnvml_table) -> [(Int32, Double)] {
        guard let ask = table.process_utilization else { return [] }
        let since = newest
        let rows = Self.collect(cnvml_process_utilization()) { ask(device, $1, $0, since) }
        newest = rows.map(\.time).max() ?? newest
        var latest: [UInt32: cnvml_process_utilization] = [:]
        for row in rows where row.pid != 0 && row.time >= latest[row.pid]?.time ?? 0 { latest[row.pid] = row }
        return latest.values.map { (Int32(bitPattern: $0.pid), Double($0.sm)) }
    }
}
