/// Answers of TorchServe 0.12.0 as they were captured.
enum TorchServeAnswers {
    static let keyFile = """
        {
          "management": {"key": "w2nNLzaR", "expiration time": "2026-11-22T18:05:45.891210003Z"},
          "inference": {"key": "FiSoI4iH", "expiration time": "2026-11-22T18:05:45.891195752Z"},
          "API": {"key": "5QXz1ZA4"}
        }
        """
    static let invalidKey = """
        {
          "code": 400,
          "type": "InvalidKeyException",
          "message": "Token Authorization failed. Token either incorrect, expired, or not provided correctly"
        }
        """
    static let notAllowed = """
        {
          "code": 405,
          "type": "MethodNotAllowedException",
          "message": "Requested method is not allowed, please refer to API document."
        }
        """
    static let noWorker = """
        {
          "code": 503,
          "type": "ServiceUnavailableException",
          "message": "Model \\"echo\\" has no worker to serve inference request. Please use scale workers API to add workers."
        }
        """
    static let workerDied = #"{"code": 500, "type": "InternalServerException", "message": "Worker died."}"#
    static let predictionFailed = #"{"code": 503, "type": "InternalServerException", "message": "Prediction failed"}"#

    /// A description with one worker, or with none.
    static func description(status: String? = "READY", pid: Int = 10620, minWorkers: Int = 1) -> String {
        let worker = """
            {
              "id": "9000",
              "startTime": "2026-11-22T17:08:03.868Z",
              "status": "\(status ?? "")",
              "memoryUsage": 0,
              "pid": \(pid),
              "gpu": false,
              "gpuUsage": "N/A"
            }
            """
        return """
            [
              {
                "modelName": "echo",
                "modelVersion": "1.0",
                "modelUrl": "echo.mar",
                "runtime": "python",
                "minWorkers": \(minWorkers),
                "maxWorkers": 1,
                "batchSize": 1,
                "maxBatchDelay": 50,
                "responseTimeout": 3,
                "startupTimeout": 120,
                "maxRetryTimeoutInSec": 300,
                "clientTimeoutInMills": 0,
                "parallelType": "",
                "deviceType": "cpu",
                "loadedAtStartup": false,
                "workers": [\(status == nil ? "" : worker)],
                "jobQueueStatus": {
                  "remainingCapacity": 2,
                  "pendingRequests": 0
                }
              }
            ]
            """
    }
}
