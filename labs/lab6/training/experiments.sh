# The experiments with a training. `experiment` reads this file, and has the functions that it uses.
# All nodes have the directory /shared in common, as the nodes of a real cluster do.
experiments="speedup failure"
shared=/shared

# ready: how many nodes answer.
ready() { sinfo -h -r -p spare -o %D | awk '{ all += $1 } END { print all + 0 }'; }

# start_again_by_hand: the command that starts the nodes that don't answer. Their containers have the number of the node.
start_again_by_hand() {
    local node names=
    for node in $(sinfo -h -N -d -p spare -o %N | sort -u); do names+=" ${STOPPED_NODE:-node}${node#node}"; done
    echo "docker start${names:- NODE}"
}

# until_ready COUNT SECONDS: waits until so many nodes answer. Fails if they don't.
until_ready() {
    local tries=$(($2 * 5))
    until [ "$(ready)" -ge "$1" ]; do
        [ $((tries--)) -gt 0 ] || return 1
        sleep 0.2
    done
}

# train NAME NODES OPTION…: submits the training. The number of the job is in $job, and its output goes to $log.
train() {
    local name=$1 count=$2
    shift 2
    log=$shared/$name.log
    rm -f "$log"
    job=$(run sbatch --parsable -J "$name" -p spare -N "$count" --gpus-per-node=4 -o "$log" /usr/local/bin/train-job "$@") ||
        fail "sbatch refused $name"
}

# What a job has written belongs to the owner of the directory, who is a student outside of this container.
hand_over() {
    rm -f $shared/.meeting-*
    chown -R --reference=$shared $shared
}

# until_said JOB PATTERN SECONDS: waits until the job's output has a line like that. It is in $said.
until_said() {
    local tries=$(($3 * 5))
    until said=$(grep -E -m 1 "$2" "$log" 2>/dev/null); do
        case $(state "$1") in
        PENDING | RUNNING | CONFIGURING | COMPLETING) ;;
        *)
            # Its last line may have come a moment ago.
            sleep 1
            said=$(grep -E -m 1 "$2" "$log" 2>/dev/null) && return
            tail -n 20 "$log" >&2
            hand_over
            fail "job $1 is $(state "$1"), and its output has no line \"$2\""
            ;;
        esac
        [ $((tries--)) -gt 0 ] || {
            tail -n 20 "$log" >&2
            hand_over
            fail "job $1 has no line \"$2\" after $3 seconds"
        }
        sleep 0.2
    done
}

# ratio A B: A divided by B.
ratio() { awk "BEGIN { printf \"%.2f\", ($1) / ($2) }"; }

# speedup DIGITS: one epoch with so many digits, on 1, 2 and 4 nodes.
speedup() {
    local digits=$1 count compute exchange step first_compute= first_step=
    echo "# The same training on 1, 2 and 4 nodes. This machine has $(nproc) processors for all of them." >&2
    for count in 1 2 4; do
        # A row without numbers says that this was not measured.
        until_ready "$count" 20 || {
            echo "# Only $(ready) of $nodes nodes answer, so the row of $count nodes stays empty. To start the others, type on your machine:" \
                "$(start_again_by_hand)" >&2
            printf '@ailab {"row":{"nodes":%s,"compute":null,"exchange":null,"step":null,"speedup":null,"alone":null,"ideal":%s}}\n' \
                "$count" "$count"
            continue
        }
        train "speed-$count" "$count" --digits "$digits" --epochs 1
        until_said "$job" "^Step: " 240
        until_state "$job" COMPLETED 60
        cat "$log" >&2
        # Step: 20.1 ms computing, 0.2 ms exchanging, 21.0 ms in all
        read -r _ compute _ _ exchange _ _ step _ <<< "$said"
        first_compute=${first_compute:-$compute + $exchange} first_step=${first_step:-$step}
        printf '@ailab {"row":{"nodes":%s,"compute":%s,"exchange":%s,"step":%s,"speedup":%s,"alone":%s,"ideal":%s}}\n' \
            "$count" "$compute" "$exchange" "$step" "$(ratio "$first_step" "$step")" \
            "$(ratio "$first_compute" "$compute + $exchange")" "$count"
    done
    hand_over
}

# failure DIGITS EPOCHS: a training that loses a node.
failure() {
    local digits=$1 epochs=$2
    until_ready 3 20 || fail "This experiment needs 3 nodes that answer, and stops one of them. To start the others, type on your machine:" \
        "$(start_again_by_hand)"
    rm -f $shared/checkpoint.pt
    echo "# A training on two nodes. It saves a checkpoint after each epoch." >&2
    train train "2" --digits "$digits" --epochs "$epochs" --checkpoint $shared/checkpoint.pt
    local training=$job
    until_said "$training" "^Saved epoch 2" 240
    queue
    local before victim running
    before=$(place "$training") running=$(state "$training")
    victim=$(scontrol show hostnames "$before" | tail -n 1)
    echo "# $victim loses its power." >&2
    local lost=$SECONDS
    # Nobody answers this srun, so it would wait for long.
    echo "\$ srun -p spare -w $victim -N 1 power-off" >&2
    srun -p spare -w "$victim" -N 1 power-off &> /dev/null < /dev/null &
    until_state "$training" PENDING 120
    kill $! 2> /dev/null
    local took=$((SECONDS - lost)) saved
    saved=$(sed -n 's/^Saved epoch //p' "$log" | tail -n 1)
    queue
    run sinfo -N -p spare -o "%N %T" >&2
    printf '@ailab {"row":{"state":"%s","nodes":"%s","first":1,"last":%s,"what":{"en":"%s","zh":"%s"}}}\n' \
        "$running" "$before" "$saved" "the first start" "第一次运行"
    printf '@ailab {"row":{"state":"%s","nodes":"–","seconds":%s,"what":{"en":"%s","zh":"%s"}}}\n' \
        "$(state "$training")" "$took" "$victim is dead: back in the queue" "$victim 已停止：重新排队"
    start_again "$training"
    local after
    after=$(place "$training")
    until_said "$training" "^Epoch $epochs of $epochs" 240
    until_state "$training" COMPLETED 60
    # The rest of the output is where the training broke off.
    grep -E '^(Training|Epoch|Saved)|RuntimeError|NODE FAILURE' "$log" >&2
    hand_over
    # The epochs after the last start.
    local again from accuracy restarts
    again=$(sed -n '/^Training on/h; //!H; ${x;p}' "$log")
    from=$(sed -n 's/^Epoch \([0-9]*\) of.*/\1/p' <<< "$again" | head -n 1)
    accuracy=$(sed -n "s/^Epoch $epochs of.*accuracy \([0-9.]*\)/\1/p" <<< "$again")
    restarts=$(field "$training" Restarts)
    printf '@ailab {"row":{"state":"%s","nodes":"%s","first":%s,"last":%s,"accuracy":%s,"what":{"en":"%s","zh":"%s"}}}\n' \
        "$(state "$training")" "$after" "$from" "$epochs" "$accuracy" "goes on from the checkpoint" "从检查点继续"
    [ "$restarts" = 1 ] || fail "the job should have been requeued once, not $restarts times"
    [ "$from" = $((saved + 1)) ] || fail "the training went on with epoch $from, and the last one in the checkpoint is $saved"
    [[ ",$(scontrol show hostnames "$after" | tr '\n' ',')" != *",$victim,"* ]] || fail "$victim is dead, but the job runs on it"
}
