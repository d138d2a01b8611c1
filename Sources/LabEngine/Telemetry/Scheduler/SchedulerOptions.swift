/// Which schedulers are asked, and how often.
package struct SchedulerOptions: Sendable {
    /// The time between two questions to a scheduler of the lab.
    package var pace: Duration = .seconds(2)
    /// The same for the cluster that this machine is a client of. Others use it, too.
    package var ownPace: Duration = .seconds(5)
    /// The variables of this process. If it's nil, no scheduler outside of containers is looked for.
    package var environment: [String: String]?

    package init() {}
}
